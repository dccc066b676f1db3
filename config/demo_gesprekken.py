"""What was prepared, said and agreed in the demo: invented words, through the real verbs."""

from datetime import timedelta

from gesprekken.models import Deelname
from gesprekken.preparing import preparation
from gesprekken.preparing.preparation import Given
from gesprekken.preparing.questions import questions_for
from gesprekken.talking import agreements, recording
from school.actor import ACCOUNT, LINK, Actor

ABOUT = [
    "{name} voelt zich thuis in de groep en helpt anderen graag. Lezen gaat vlot; bij rekenen helpt het om hardop te denken.",
    "{name} vertelt met plezier over thuis en over wat er in de klas gebeurt. We zien dat begrijpend lezen nog veel moeite kost.",
    "Een fijne start. {name} werkt rustig en vraagt hulp als het nodig is. Spelling mag nog vaker geoefend worden.",
    "{name} heeft veel vriendjes en is trots op het eigen werkstuk over dieren. Op tijd beginnen met het werk lukt steeds beter.",
]
AGREED = [
    {"who": "{name} en ouders", "what": "elke avond tien minuten samen lezen", "when": "op schooldagen", "how": "een boek dat {name} zelf kiest", "why": "plezier in lezen"},
    {"who": "de leerkracht", "what": "elke week een rekenspel meegeven", "when": "op vrijdag", "how": "in de tas", "why": "de tafels worden vlotter"},
    {"who": "{name}", "what": "een vinger opsteken bij een vraag", "when": "elke dag", "how": "een kaartje op tafel helpt", "why": "hulp vragen mag"},
]  # fmt: skip
# What parents wrote, in the language in which they read and write.
FROM_HOME = {
    "nl": [
        "Thuis vertelt ons kind veel over de kring. Bouwen en tekenen vindt het het leukst.",
        "Samen koken werkt goed: dan gaat rekenen vanzelf. We willen graag weten hoe het met lezen gaat.",
        "Slapen gaat de laatste weken moeilijk. Fijn als de juf daar op let.",
    ],
    "en": [
        "At home our child talks a lot about circle time. Building and drawing are the favourites.",
        "Cooking together works well: then sums come naturally. We would like to know how reading is going.",
        "Sleeping has been difficult these last weeks. It would help if the teacher kept an eye on that.",
    ],
    "tr": [
        "Çocuğumuz evde sınıfta konuşulanları çok anlatıyor. En çok bir şeyler yapmayı ve resim çizmeyi seviyor.",
        "Birlikte yemek yapmak iyi geliyor: o zaman hesap kendiliğinden oluyor. Okumanın nasıl gittiğini bilmek istiyoruz.",
        "Son haftalarda zor uyuyor. Öğretmen buna dikkat ederse seviniriz.",
    ],
    "ar": [
        "في البيت يحكي لنا طفلنا كثيرًا عن الصف. أكثر ما يحبه هو البناء والرسم.",
        "الطبخ معًا مفيد: يأتي الحساب عندها من تلقاء نفسه. نودّ أن نعرف كيف تسير القراءة.",
        "النوم صعب في الأسابيع الأخيرة. نكون شاكرين إذا انتبهت المعلمة لذلك.",
    ],
    "pl": [
        "W domu dziecko dużo opowiada o rozmowach w klasie. Najbardziej lubi budować i rysować.",
        "Wspólne gotowanie dobrze działa: wtedy liczenie przychodzi samo. Chcielibyśmy wiedzieć, jak idzie czytanie.",
        "Od kilku tygodni trudno zasypia. Będzie nam miło, jeśli pani zwróci na to uwagę.",
    ],
    "uk": [
        "Вдома дитина багато розповідає про розмови в класі. Найбільше любить будувати й малювати.",
        "Готувати разом добре допомагає: тоді рахується само собою. Хочемо знати, як ідуть справи з читанням.",
        "Останні тижні важко засинає. Будемо раді, якщо вчителька зверне на це увагу.",
    ],
}
FROM_PUPIL = ["Ik kan goed rekenen en ik heb een vriend erbij.", "Ik wil graag meer tijd voor mijn werkstuk."]
# What the teacher wrote, per question; `{naam}` is the child.
FROM_TEACHER = {
    "eerste-weken": ["{naam} kwam rustig binnen en had na een week een vaste plek in de kring."],
    "steun-schoolwerk": ["Elke dag tien minuten samen lezen helpt het meest."],
    "nadruk": ["Begrijpend lezen; vragen wat thuis werkt.", "Hoe {naam} zich voelt in de groep."],
    "goed-nieuws": ["Het werkstuk over planeten, helemaal zelf bedacht.", "{naam} hielp een klasgenoot met rekenen."],
    "vragen": ["Wat vindt {naam} zelf het leukst op school?"],
    "lezen--goed": ["Leest vlot voor, ook voor de groep."],
    "lezen--beter": ["Bij lange teksten de kern vinden."],
    "lezen--ouders": ["Samen praten over wat er gelezen is."],
    "taal--goed": ["Vertelt in mooie, lange zinnen."],
    "taal--beter": ["Woorden met ei en ij uit elkaar houden."],
    "rekenen--goed": ["De tafels van 2, 5 en 10 zitten vast."],
    "rekenen--beter": ["Klokkijken met minuten."],
    "rekenen--school": ["Elke week een rekenspel mee naar huis."],
    "sociaal--goed": ["Speelt met iedereen en troost wie valt."],
    "andere-gebieden--goed": ["Tekent en bouwt met veel geduld."],
    "omstandigheden": ["Is de laatste weken vaker moe."],
    "kernvakken": ["Rekenen gaat goed, begrijpend lezen vraagt nog aandacht."],
    "wie-kan-wat": ["School geeft oefenteksten mee, thuis wordt er samen gelezen, {naam} kiest het boek."],
}


CONFIDED = "Vertelde dat het thuis deze maanden zwaar is. Dit blijft tussen ons; we bellen elkaar volgende maand."


def tapped(question, dice):
    return [choice["code"] for choice in question.choices if dice.random() < 0.25]


def prepare(gesprek, person, audience, texts, dice, now):
    """A few questions answered, as people do: not all of them, and not at length."""
    by = Actor(person, ACCOUNT if audience == "leerkracht" else LINK)
    name, given = gesprek.leerling.person.first_name, []
    for question in questions_for(gesprek, audience):
        fitting = texts.get(question.code, []) if isinstance(texts, dict) else texts
        if fitting and dice.random() < 0.6:
            text = dice.choice(fitting).replace("{naam}", name)
            given.append(Given(question=question, text=text, chosen=tapped(question, dice)))
    if given:
        preparation.save(gesprek=gesprek, by=by, answers=given, seen_version=0, now=now)


def prepare_some(ronde, dice, now):
    """A third of the families that chose a time, some pupils, and half of the teachers have prepared."""
    for gesprek in (
        ronde.gesprekken.filter(bookings__state="active")
        .select_related("ronde__soort", "school", "leerling__person")
        .order_by("pk")
    ):
        for deelname in gesprek.deelnames.select_related("person__school"):
            if deelname.as_role == Deelname.As.OUDER and dice.random() < 0.35:
                prepare(gesprek, deelname.person, "ouder", FROM_HOME[deelname.person.language], dice, now)
            elif deelname.as_role == Deelname.As.LEERLING and dice.random() < 0.3:
                prepare(gesprek, deelname.person, "leerling", FROM_PUPIL, dice, now)
            elif deelname.as_role == Deelname.As.LEERKRACHT and dice.random() < 0.5:
                prepare(gesprek, deelname.person, "leerkracht", FROM_TEACHER, dice, now)


def texts_of(number):
    """What is written of one gesprek: always something, and now and then of what people forget."""
    texts = {"about_child": ABOUT[number % len(ABOUT)]}
    if number % 3:
        texts["at_home"] = "Vraag {name} eens wat het mooiste van deze week was, en waarom."
    if number % 5 < 3:
        texts["interests"] = "{name} bouwt graag en wil later dingen ontwerpen."
    if number % 9 == 4:
        texts["disappointment"] = "De laatste toets ging minder dan {name} hoopte."
        texts["perspective"] = "Met een rustige plek en wat meer tijd lukt het in het voorjaar vast beter."
    return texts


def note_who_was_there(gesprek, number, by):
    """Mostly everybody, who mostly spoke; now and then nobody wrote it down."""
    if number % 7 == 3:
        return
    family = list(gesprek.deelnames.filter(as_role__in=[Deelname.As.OUDER, Deelname.As.LEERLING]).order_by("pk"))
    attended = {deelname.pk: number % 8 != 1 or deelname == family[0] for deelname in family}
    spoke = {pk: there or None for pk, there in attended.items() if number % 5 or pk == family[0].pk}
    recording.note_attendance(gesprek=gesprek, by=by, attended=attended, spoke=spoke)


def write_down(gesprek, number, by, held_on, now):
    """What was said and one agreement, finished."""
    name = gesprek.leerling.person.first_name
    texts = {field: text.format(name=name) for field, text in texts_of(number).items()}
    told = {one.person: CONFIDED for one in recording.guardians_of(gesprek)[:1] if number % 11 == 6}
    draft = recording.save_draft(gesprek=gesprek, by=by, seen_version=0, now=now, confidential=told, **texts)
    words = {field: text.format(name=name) for field, text in AGREED[number % len(AGREED)].items()}
    agreements.add(
        verslag=draft,
        by=by,
        concerns=recording.people_of(gesprek),
        evaluate_on=held_on + timedelta(days=70),
        shares=["school", "ouder", "leerling"] if number % 4 else ["school"],
        **words,
    )
    recording.finalise(gesprek=gesprek, by=by, seen_version=draft.version, held_on=held_on, now=now)


def record_and_release(gesprek, number, now):
    """One gesprek as it was held: a record with an agreement, or one tap; released to the parties the day after."""
    booking = gesprek.bookings.all()[0]
    by = Actor(booking.medewerker.person, ACCOUNT)
    held_on = booking.starts_at.astimezone(gesprek.school.zone).date()
    if number % 6 == 5:
        recording.hold_nothing_further(gesprek=gesprek, by=by, held_on=held_on, now=now)
    else:
        note_who_was_there(gesprek, number, by)
        write_down(gesprek, number, by, held_on, now)
    if number % 10 != 9:
        recording.release(gesprek=gesprek, by=by, now=now + timedelta(days=1))


def record_all(ronde):
    held = ronde.gesprekken.filter(bookings__state="active").prefetch_related("bookings__medewerker__person__school")
    for number, gesprek in enumerate(held.select_related("school", "leerling__person", "ronde").order_by("pk")):
        record_and_release(gesprek, number, gesprek.bookings.all()[0].ends_at)
