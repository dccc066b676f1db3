"""A picture somebody uploads is opened, measured and written anew before it is believed; only pixels survive."""

import io
import warnings

MAX_BYTES = 2 * 1024 * 1024  # a logo of more is a photograph
MAX_PIXELS = 20_000_000  # a small file can unfold into gigabytes
MAX_SIZE = (600, 240)  # what the widest place shows, twice over for sharp screens
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


class NotAPicture(Exception):
    """`reason` is 'size', 'pixels' or 'kind'."""

    def __init__(self, reason):
        self.reason = reason
        super().__init__(reason)


def as_png(upload):
    """The bytes of a PNG of at most MAX_SIZE, made from an uploaded file. Raises NotAPicture."""
    from PIL import Image, ImageOps

    if upload.size > MAX_BYTES:
        raise NotAPicture("size")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(upload.read()), formats=FORMATS)
            if picture.width * picture.height > MAX_PIXELS:
                raise NotAPicture("pixels")
            picture = ImageOps.exif_transpose(picture).convert("RGBA")
            picture.thumbnail(MAX_SIZE)
            result = io.BytesIO()
            picture.save(result, "PNG", optimize=True)
    except NotAPicture:
        raise
    except Exception:
        # Pillow's decoders raise whatever a hostile file makes them raise; all of it means the same.
        raise NotAPicture("kind")
    return result.getvalue()
