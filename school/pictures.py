"""A picture somebody uploads is opened, measured and written anew before it is believed; only pixels survive."""

import io
import warnings

MAX_BYTES = 2 * 1024 * 1024  # a logo of more is a photograph
MAX_PIXELS = 20_000_000  # a small file can unfold into gigabytes
MAX_SIZE = (600, 240)  # what the widest place shows, twice over for sharp screens
PHOTO_QUALITY = 85  # what nobody sees the difference of
JPEGS = ("JPEG", "MPO")  # what a telephone makes; it need not be unfolded whole
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


class NotAPicture(Exception):
    """`reason` is 'size', 'pixels' or 'kind'."""

    def __init__(self, reason):
        self.reason = reason
        super().__init__(reason)


def as_png(upload):
    """The bytes of a PNG of at most MAX_SIZE, made from an uploaded file. Raises NotAPicture."""
    if upload.size > MAX_BYTES:
        raise NotAPicture("size")
    return redrawn(upload.read(), max_pixels=MAX_PIXELS, max_size=MAX_SIZE, photo=False)


def redrawn(data, *, max_pixels, max_size, photo):
    """The same picture drawn anew within `max_size`: a JPEG for a photo, else a PNG. Nothing of the file goes along: no
    place, no camera, nothing that hid behind the pixels. Raises NotAPicture.
    """
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
            stepwise = picture.format in JPEGS and "progressive" not in picture.info
            if picture.width * picture.height > (max_pixels if stepwise else min(max_pixels, MAX_PIXELS)):
                raise NotAPicture("pixels")
            smaller = min(1, max(max_size) / max(picture.size))
            picture.draft("RGB", [max(1, int(side * smaller)) for side in picture.size])
            if picture.mode in ("1", "P") or "transparency" in picture.info:
                picture = picture.convert("RGBA")  # a palette does not shrink well
            picture.thumbnail([max(max_size)] * 2)  # before it is turned or gets more channels: each is a copy
            ImageOps.exif_transpose(picture, in_place=True)
            picture.thumbnail(max_size)
            picture = picture.convert("RGBA")
            result = io.BytesIO()
            if photo:
                paper = Image.new("RGB", picture.size, "white")
                paper.paste(picture, mask=picture.getchannel("A"))
                paper.save(result, "JPEG", quality=PHOTO_QUALITY, optimize=True)
            else:
                picture.save(result, "PNG", optimize=True)
    except NotAPicture:
        raise
    except Exception:
        # Pillow's decoders raise whatever a hostile file makes them raise; all of it means the same.
        raise NotAPicture("kind")
    return result.getvalue()
