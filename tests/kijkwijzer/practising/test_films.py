"""The catalogue is the source's: eleven films, by kind, level and pupil; the names stand in one file only."""

import pytest

from kijkwijzer.practising import films
from tests.translations import ROOT


@pytest.mark.req("K3")
def test_the_catalogue_has_the_eleven_films_of_the_source_in_its_order():
    found = [(kind, [film.level.rpartition("(")[2].rstrip(")") for film in of]) for kind, of in films.by_kind()]
    assert found == [
        ("Voortgangsgesprek", ["groep 3", "groep 6", "klas 2"]),
        ("Kennismakingsgesprek", ["groep 1", "groep 6", "klas 1"]),
        ("Informeel gesprek", ["groep 1", "groep 1", "groep 2"]),
        ("Adviesgesprek", ["groep 8", "groep 8"]),
    ]
    everything = films.catalogue()
    assert len({film.code for film in everything}) == len(everything) == 11
    assert len({film.pupil for film in everything}) == 9  # two pupils are seen in two films each
    assert sum("voortgezet onderwijs" in film.level for film in everything) == 2
    assert films.film_of("advies-1").kind == "Adviesgesprek" and films.film_of("bestaat-niet") is None


@pytest.mark.req("K3")
def test_the_names_of_the_films_stand_nowhere_else_in_the_project():
    ours = [top for top in ROOT.iterdir() if not top.name.startswith(".") and top.name not in ("var", "__pycache__")]
    files = [path for top in ours for path in (top.rglob("*") if top.is_dir() else [top]) if path.is_file()]
    assert films.FILE in files
    elsewhere = []
    for path in files:
        if path == films.FILE or "__pycache__" in path.parts:
            continue
        text = path.read_bytes()
        elsewhere += [str(path) for film in films.catalogue() if film.pupil.encode() in text]
    assert elsewhere == []


def test_the_films_stay_with_their_owners():
    owner, link = films.owner()
    assert "Hogeschool Rotterdam" in owner and link.startswith("http")
    assert not list(films.FILE.parent.glob("*.mp4"))
