"""What a refusal says to a person: what happened, and what to do. One sentence per reason."""

from django.utils.translation import gettext_lazy as _

BOOKING = {
    "taken": _("Deze tijd is net gekozen. Deze zijn nog vrij:"),
    "have_one": _("Er staat al een tijd voor dit gesprek. Wilt u een andere? Kies dan 'Andere tijd'."),
    "busy": _("Op deze tijd is er al een ander gesprek met iemand die erbij hoort. Deze tijden kunnen wel:"),
    "closed": _("In deze ronde kan geen tijd meer gekozen worden. Bel de school als u nog wilt wisselen."),
    "not_yet": _("Kiezen kan nog niet. Op uw pagina staat vanaf wanneer het wel kan."),
    "wishing": _("In deze ronde maken wij de planning. Geef aan wanneer u kunt; daarna hoort u welke tijd het is."),
    "too_late": _("Zelf kiezen of wisselen kan niet meer. Klik op 'Bel mij', dan zoekt de leerkracht met u een tijd."),
    "past": _("Deze tijd is al voorbij. Deze zijn nog vrij:"),
    "wrong_slot": _("Deze tijd hoort niet bij dit gesprek. Deze zijn nog vrij:"),
    "too_long": _(
        "Dit gesprek past niet meer op deze tijd, of iemand die erbij hoort is er dan niet. Deze kunnen wel:"
    ),
    "no_colleague": _(
        "Bij een adviesgesprek is altijd een tweede collega. De school wijst die nog aan; kies daarna een tijd."
    ),
    "none": _("Er stond geen tijd meer voor dit gesprek. Er is niets veranderd."),
    "week": _("Dit is binnen een week. Spreek het met de ouder af, of schrijf op waarom het niet anders kan."),
}

# Several children in one go: all or nothing, so that what happened to one is said of all.
BOOKING_ALL = {
    "taken": _("Een van deze tijden is net gekozen. Er is niets veranderd. Dit kan nog wel:"),
    "busy": _("Op een van deze tijden is iemand al bij een ander gesprek. Er is niets veranderd. Dit kan nog wel:"),
    "past": _("Een van deze tijden is al voorbij. Er is niets veranderd. Dit kan nog wel:"),
    "wrong_slot": _("Een van deze tijden kan niet meer. Er is niets veranderd. Dit kan nog wel:"),
    "too_long": _("Een van deze gesprekken past niet op zijn tijd. Er is niets veranderd. Dit kan nog wel:"),
    "have_one": _("Er is net al een tijd gekozen voor een van de gesprekken. Er is niets veranderd. Kijk nog eens."),
    "none": _("Een van de tijden die u wilde wisselen is net afgezegd. Er is niets veranderd. Kijk nog eens."),
}

WATCH = {
    "closed": _("Zelf kiezen kan in deze ronde niet meer. Klik op 'Bel mij' als u een andere tijd zoekt."),
    "full": _("U volgt al vijf tijden. Stop er eerst met een, dan kunt u een andere volgen."),
    "free": _("Deze tijd is vrij. U kunt hem nu kiezen."),
    "gone": _("Deze tijd is er niet meer."),
}

WINDOW = {
    "closed": _("Deze ronde is afgesloten. Er kunnen geen tijden meer bij of af."),
    "outside": _("Deze dag valt buiten de periode van de ronde."),
    "backward": _("De tijd 'tot' moet na de tijd 'van' liggen."),
    "overlap": _("Er staat al een blok op deze tijd. Kies een tijd die er niet mee samenvalt."),
    "elsewhere": _("Op deze tijd staat er al een blok in ‘%(ronde)s’. Kies een andere tijd, of haal het daar weg."),
    "room_taken": _("%(room)s is dan al van %(who)s. Kies een ander lokaal of een andere tijd."),
    "too_short": _("Dit blok is korter dan een gesprek."),
    "not_at_work": _("Op deze dagen is niemand aan het werk. Kies andere dagen, of pas de werkdagen aan."),
    "no_window": _("Deze pauze valt niet binnen een blok. Kies een tijd tussen het begin en het eind ervan."),
    "in_use": _("In dit blok is al een tijd gekozen. Verzet dat gesprek eerst; daarna kan het blok weg."),
}
PAUSE = {
    "in_use": _("In deze pauze valt een gekozen tijd. Verzet dat gesprek eerst, of kies een andere pauze."),
    "too_short": _("Een pauze duurt ten minste vijf minuten."),
    "overlap": _("Er is op deze tijd al een pauze."),
}
LENGTH = {
    "closed": _("Deze ronde is niet open, of dit gesprek is al geweest. De duur blijft zoals die was."),
    "past": _("Dit gesprek is al begonnen. De duur blijft zoals die was."),
    "too_long": _("Zo lang past het niet in de gegeven tijd. Kies eerst een andere tijd, of geef meer tijd."),
    "busy": _("Direct erna heeft iemand een ander gesprek. Kies eerst een andere tijd; daarna kan het langer."),
    "week": _("Dit is binnen een week. Spreek het met de ouder af, of schrijf op waarom het niet anders kan."),
}
SUBSTITUTE = {
    "same": _("Kies iemand anders: dit is dezelfde collega."),
    "gone": _("Deze collega werkt hier niet meer. Kies iemand anders."),
    "nothing": _("Er is niets om over te nemen: geen gesprekken en geen tijden die nog komen."),
    "week": _("Er zijn gesprekken binnen een week. Schrijf op waarom; daarna kan het."),
    "clash": _(
        "Op sommige tijden kan dit niet. Er is niets veranderd. Verzet die gesprekken eerst, of kies iemand anders."
    ),
}
WISH = {
    "closed": _("In deze ronde kan nu niets worden doorgegeven. Bel de school als er iets verandert."),
    "too_late": _("Doorgeven kan niet meer. Klik op 'Bel mij' als er iets is veranderd; dan zoekt de leerkracht mee."),
    "released": _("De planning is klaar. Past uw tijd niet? Kies dan een tijd die nog vrij is."),
}

WISH_STAFF = {
    "closed": _("In deze ronde worden nu geen wensen gevraagd."),
    "too_late": _("In deze ronde worden nu geen wensen gevraagd."),
    "released": _("De planning is al vrijgegeven. Verzet het gesprek als de tijd niet past."),
}

PLAN = {
    "closed": _("Deze ronde is niet open. Open de ronde eerst, of heropen hem."),
    "no_gesprekken": _("In deze ronde zijn geen gesprekken om te plannen."),
    "no_slots": _("Er zijn geen tijden die nog komen. Geef eerst tijden; daarna kan de planning worden gemaakt."),
    "everybody": _("Iedereen heeft al een tijd. Er is niets meer te plannen."),
    "making": _("Er wordt al een planning gemaakt. Dit is de stand."),
    "releasing": _("De planning wordt nu vrijgegeven. Wacht tot dat klaar is."),
    "not_ready": _("Deze planning kan niet meer worden veranderd. Dit is hoe het nu staat."),
    "changed": _("Iemand anders veranderde net iets. Kijk hoe het nu staat en doe het dan nog een keer."),
}

ADJUST = {
    "family": _("De ouders kunnen dan niet."),
    "away": _("%(who)s is er dan niet."),
    "busy": _("%(who)s heeft dan al een ander gesprek."),
    "taken": _("Deze tijd is al van een ander gesprek, dat niet kan ruilen."),
    "past": _("Deze tijd is voorbij, of hoort niet bij dit gesprek."),
    "no_slot": _("Ruilen kan alleen als beide gesprekken een tijd hebben."),
    "rule": _("Dan klopt de planning ergens anders niet meer."),
}

RELEASE = {
    "taken": _("Deze tijd was net door iemand anders gekozen."),
    "have_one": _("Dit gezin had net zelf een tijd gekozen."),
    "busy": _("Iemand die erbij hoort, had op deze tijd net een ander gesprek."),
    "closed": _("De ronde was niet meer open, of het gesprek gaat niet meer door."),
    "past": _("Deze tijd was al voorbij."),
    "wrong_slot": _("Deze leerkracht hoort niet meer bij dit gesprek."),
    "too_long": _("Het gesprek past niet meer op deze tijd."),
    "no_colleague": _("Er was geen tweede collega meer vrij."),
    "week": _("Dit was binnen een week, zonder reden."),
}


def window(refused):
    """The sentence for a WindowRefused."""
    return WINDOW[refused.reason] % refused.about


def why_not_there(refusal):
    """One sentence for an AdjustRefused."""
    who = refusal.who or _("Dit gezin")
    return ADJUST[refusal.reason] % {"who": who} if "%" in str(ADJUST[refusal.reason]) else ADJUST[refusal.reason]


FAMILY = {
    "recorded": _(
        "Over %(child)s is in ‘%(ronde)s’ al iets opgeschreven. Rond dat gesprek eerst af; kies daarna opnieuw."
    ),
    "prepared_twice": _(
        "Voor beide gesprekken over %(child)s is al iets voorbereid door dezelfde persoon. "
        "Laat het in ‘%(ronde)s’ zoals het is en verander het na de ronde."
    ),
    "has_a_time": _(
        "Een gesprek over %(child)s dat zou vervallen, heeft in ‘%(ronde)s’ al een tijd. "
        "Zeg die tijd eerst af, in overleg met de ouder; kies daarna opnieuw."
    ),
    "busy": _("%(name)s heeft op die tijd al een ander gesprek. Verzet eerst het gesprek over %(child)s."),
    "week": _("Het gesprek over %(child)s is al binnen een week. Schrijf op waarom het niet eerder kon."),
}

AROUND = {
    "closed": _("Dit gesprek is al geweest of gaat niet door. Er is niets veranderd."),
    "week": _("Het gesprek is binnen een week. Spreek het met de ouder af, of schrijf op waarom het niet eerder kon."),
    "there": _("%(names)s is er al bij."),
    "family": _("Een ouder of kind uit het gezin kan dit niet zijn. Kies iemand anders."),
    "child": _("Een leerling is nooit tolk. Kies iemand anders."),
    "busy": _(
        "Deze persoon heeft op die tijd al een ander gesprek. Kies iemand anders, of zoek samen een andere tijd."
    ),
    "untold": _("Ouders horen vooraf wie erbij is. Vink aan dat je het %(names)s zelf vertelt."),
    "own_teacher": _("De tweede collega is iemand anders dan de eigen leerkracht."),
    "gone": _("%(names)s was er al niet meer bij. Er is niets veranderd."),
    "stale": _("Iemand anders was je voor. Kijk hoe het nu staat."),
    "too_many": _("Kies hoogstens acht gesprekken voor één rij."),
}

ABSENCE = {
    "nothing": _("Op deze dag zijn er geen gesprekken en geen tijden meer. Er is niets veranderd."),
    "nobody_moves": _("Geen enkel gesprek kan naar deze dag. Kies een andere dag; er is niets veranderd."),
    "changed": _("Intussen is er een tijd gekozen of veranderd. Kijk de lijst nog eens na; er is niets veranderd."),
    "week": _("Dit is binnen een week. Schrijf op waarom; er is nog niets veranderd."),
    "undo_late": _("Terugzetten kan niet meer. Verzet de gesprekken die terug moeten één voor één."),
    "undo_changed": _(
        "Intussen is een van deze tijden veranderd. Daarom blijft alles staan. Verzet de gesprekken die terug moeten "
        "één voor één."
    ),
}

LETTERS = {
    "cleared": _("Deze brieven zijn weggehaald. Maak ze opnieuw als je ze nog nodig hebt."),
    "outdated": _(
        "Sinds deze brieven gemaakt zijn, is er iets veranderd: een gesprek gaat niet door, of een ouder hoort geen brief "
        "te krijgen. Maak ze opnieuw."
    ),
}

ATTEMPT = {
    "over": _("Dit gesprek is al gehouden of gaat niet door. Er is niets genoteerd."),
    "too_late": _("Dit blijft staan: je kunt weghalen wat je zelf net noteerde, tot een kwartier daarna."),
}

OFFER = {
    "closed": _("In deze ronde worden geen tijden meer gekozen."),
    "past": _("Deze tijd is voorbij."),
    "taken": _("Deze tijd is intussen door iemand anders gekozen, of kan niet meer."),
    "answered": _("Dit voorstel geldt niet meer. Dit is hoe het nu staat."),
    "no_colleague": BOOKING["no_colleague"],
}

OFFER_STAFF = {
    "closed": _("Deze ronde is niet open, of dit gesprek is al geweest. Er is niets voorgesteld."),
    "past": _("Deze tijd is al voorbij. Kies een andere."),
    "taken": _("Deze tijd is net gekozen, of niet iedereen kan dan. Kies een andere."),
    "no_colleague": _(
        "Bij een adviesgesprek is altijd een tweede collega. Kies eerst wie dat is; stel dan een tijd voor."
    ),
    "nobody": _(
        "Mail komt bij deze ouders niet aan: we kennen geen adres, of het klopt niet. Bel ze, en plan de tijd dan meteen."
    ),
}
