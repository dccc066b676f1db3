"""The invitations that come with the product: leadership starts from them, and who wrote none sends them as they are.

The tone is that of partners (I1): parents know their child at home, school knows it at school. In our own words.
"""

# {language: (subject, body)} of the mail; a letter says the same.
DEFAULTS = {
    "nl": (
        "Uitnodiging: gesprek over {kind}",
        """Beste {naam},

Wij spreken graag met u over {kind}. Samen weten we het meest: u kent uw kind thuis, wij kennen uw kind op school.

Waarom dit gesprek?
{doel}

Waar praten we over?
{punten}

Hoe gaat het?
Het gesprek duurt {duur} en is {vorm}. De gesprekken zijn {periode}.
Erbij zijn: {wie}.
{leerling_erbij}
{ontvangst}

Een tijd die u past
{hoe_kiezen}
{kiezen_vanaf}

{link}

Zo bereidt u zich voor
{voorbereiden}

Praat u liever in een andere taal?
{tolk}

Past geen enkele tijd, of belt u liever? Klik op uw pagina op "Bel mij". Dan bellen wij u.

Wij kijken uit naar het gesprek.

Met vriendelijke groet,
{school}""",
    ),
    "en": (
        "Invitation: a talk about {kind}",
        """Dear {naam},

We would like to talk with you about {kind}. Together we know most: you know your child at home, we know your child at school.

Why this talk?
{doel}

What do we talk about?
{punten}

How does it go?
The talk takes {duur} and is {vorm}. The talks are {periode}.
Present: {wie}.
{leerling_erbij}
{ontvangst}

A time that suits you
{hoe_kiezen}
{kiezen_vanaf}

{link}

How you prepare
{voorbereiden}

Would you rather speak another language?
{tolk}

No time suits you, or you would rather phone? Press "Call me" on your page. We will call you.

We look forward to the talk.

Kind regards,
{school}""",
    ),
    "ar": (
        "دعوة: لقاء بشأن {kind}",
        """تحية طيبة {naam}،

نرغب في الحديث معكم عن {kind}. معًا نعرف أكثر: أنتم تعرفون طفلكم في البيت، ونحن نعرفه في المدرسة.

لماذا هذا اللقاء؟
{doel}

عمّ نتحدث؟
{punten}

كيف يجري اللقاء؟
مدة اللقاء: {duur}. طريقة اللقاء: {vorm}.
أيام اللقاءات: {periode}.
يحضر اللقاء: {wie}.
{leerling_erbij}
{ontvangst}

موعد يناسبكم
{hoe_kiezen}
{kiezen_vanaf}

{link}

كيف تستعدون
{voorbereiden}

هل تفضّلون الحديث بلغة أخرى؟
{tolk}

هل لا يناسبكم أي موعد، أو تفضّلون الهاتف؟ اضغطوا في صفحتكم على «اتصلوا بي». سنتصل بكم.

نتطلع إلى اللقاء.

مع أطيب التحيات،
مدرسة {school}""",
    ),
    "tr": (
        "Davet: {kind} hakkında görüşme",
        """Sayın {naam},

Sizinle {kind} hakkında konuşmak isteriz. Birlikte daha çok biliriz: siz çocuğunuzu evde tanırsınız, biz okulda tanırız.

Bu görüşme neden?
{doel}

Ne hakkında konuşacağız?
{punten}

Görüşme nasıl olacak?
Görüşmenin süresi: {duur}. Görüşme biçimi: {vorm}.
Görüşme günleri: {periode}.
Görüşmeye katılacak olanlar: {wie}.
{leerling_erbij}
{ontvangst}

Size uyan bir saat
{hoe_kiezen}
{kiezen_vanaf}

{link}

Nasıl hazırlanabilirsiniz
{voorbereiden}

Başka bir dilde konuşmak mı istersiniz?
{tolk}

Hiçbir saat uymuyor mu veya telefonda konuşmak mı istersiniz? Sayfanızda ‘Beni arayın’ düğmesine basın. Sizi ararız.

Sizinle görüşmeyi bekliyoruz.

Saygılarımızla,
{school}""",
    ),
    "pl": (
        "Zaproszenie na rozmowę: {kind}",
        """Dzień dobry, {naam},

Chętnie porozmawiamy z Państwem. O kim jest rozmowa: {kind}. Razem wiemy najwięcej: Państwo znają dziecko w domu, a my znamy je w szkole.

Po co jest ta rozmowa?
{doel}

O czym porozmawiamy?
{punten}

Jak to będzie wyglądać?
Czas trwania: {duur}. Forma rozmowy: {vorm}.
Dni rozmów: {periode}.
Na rozmowie będą: {wie}.
{leerling_erbij}
{ontvangst}

Termin, który Państwu pasuje
{hoe_kiezen}
{kiezen_vanaf}

{link}

Jak się przygotować
{voorbereiden}

Wolą Państwo rozmawiać w innym języku?
{tolk}

Żaden termin nie pasuje albo wolą Państwo rozmowę przez telefon? Proszę nacisnąć na Państwa stronie „Proszę do mnie zadzwonić”. Zadzwonimy do Państwa.

Czekamy na rozmowę z Państwem.

Z poważaniem,
{school}""",
    ),
    "uk": (
        "Запрошення на розмову: {kind}",
        """Доброго дня, {naam}!

Ми хотіли б поговорити з Вами. Про кого розмова: {kind}. Разом ми знаємо найбільше: Ви знаєте свою дитину вдома, а ми знаємо її в школі.

Навіщо ця розмова?
{doel}

Про що ми говоритимемо?
{punten}

Як це буде?
Тривалість розмови: {duur}. Форма розмови: {vorm}.
Дні розмов: {periode}.
На розмові будуть: {wie}.
{leerling_erbij}
{ontvangst}

Час, який Вам підходить
{hoe_kiezen}
{kiezen_vanaf}

{link}

Як підготуватися
{voorbereiden}

Хочете говорити іншою мовою?
{tolk}

Жоден час не підходить або Вам зручніше телефоном? Натисніть на Вашій сторінці «Зателефонуйте мені». Ми Вам зателефонуємо.

Чекаємо на розмову з Вами.

З повагою,
{school}""",
    ),
}

# {language: body} of the message for the school app or a phone: so short that it fits, whatever the family.
SHORT = {
    "nl": "Wij spreken u graag over {kind}. {hoe_kiezen} Met de link in uw mail, of met de code in uw brief: {link}",
    "en": "We would like to talk about {kind}. {hoe_kiezen} With the link in your mail, or the code in your letter: {link}",
    "ar": "نود أن نتحدث معكم عن {kind}. {hoe_kiezen} عبر الرابط في بريدكم، أو الرمز في رسالتكم: {link}",
    "tr": "Sizinle {kind} hakkında konuşmak isteriz. {hoe_kiezen} E-postanızdaki bağlantıyla veya mektubunuzdaki kodla: {link}",
    "pl": "Chętnie z Państwem porozmawiamy. O kim: {kind}. {hoe_kiezen} Link jest w e-mailu, kod w liście: {link}",
    "uk": "Ми хотіли б поговорити з Вами. Про кого: {kind}. {hoe_kiezen} Посилання в е-пошті, код у листі: {link}",
}


def comes_with(language, *, short=False):
    """(subject, body) in this language, or in Dutch where the product has none in it."""
    language = language if language in DEFAULTS else "nl"
    return ("", SHORT.get(language, SHORT["nl"])) if short else DEFAULTS[language]
