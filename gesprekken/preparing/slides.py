"""What stands on the slides of a pupil's presentation: her words, and the chart or picture she chose, as far as the
reader may see those at this moment.
"""

import base64

from gesprekken.development.charts import charts_for, vak_name
from gesprekken.development.files import JPEG, MAX_PIXELS, PDF
from gesprekken.permissions import choosable_items
from school.pictures import NotAPicture, redrawn

ON_PAPER = (1400, 1400)  # sharp on half a sheet, and eight of them still fit in one document


def dress(actor, gesprek, slides):
    """Give each slide its `drawn` (a Chart), `picture` or `document` (a PortfolioItem).

    They stay empty where the teacher no longer shows the chart, the report was taken back, or the card alone does not
    open it.
    """
    drawn = {chart.vak: chart for chart in charts_for(actor, gesprek)} if any(one.chart for one in slides) else {}
    may_see = (
        set(choosable_items(actor, gesprek).values_list("pk", flat=True)) if any(one.item for one in slides) else ()
    )
    for number, slide in enumerate(slides, 1):
        slide.place = number
        slide.chart_name = vak_name(slide.chart) if slide.chart else ""
        slide.drawn = drawn.get(slide.chart)
        item = slide.item if slide.item_id in may_see else None
        slide.document = item if item and item.content_type == PDF else None
        slide.picture = item if item and item.content_type != PDF else None
    return slides


def on_paper(slides):
    """The same with each picture inside the document; of one that cannot be read its name stays."""
    for slide in slides:
        slide.embedded = embedded(slide.picture) if slide.picture else ""
    return slides


def embedded(item):
    try:
        with item.file.open("rb") as file:
            small = redrawn(file.read(), max_pixels=MAX_PIXELS, max_size=ON_PAPER, photo=True)
    except (FileNotFoundError, NotAPicture):
        return ""
    return f"data:{JPEG};base64,{base64.b64encode(small).decode()}"
