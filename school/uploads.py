"""A file that is too big is not taken in at all: its bytes are passed over as they arrive, and the page can say so."""

from functools import wraps

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.views.decorators.csrf import csrf_exempt, csrf_protect

MEGABYTE = 1024 * 1024
PIECE = 64 * 1024  # of what is passed over


class Measuring(FileUploadHandler):
    """Stands before the handlers that keep; lets through no more than MAX_UPLOAD_MB. The page learns it in
    `request.upload_too_big`.
    """

    def __init__(self, request):
        super().__init__(request)
        self.room = settings.MAX_UPLOAD_MB * MEGABYTE

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        length = self.request.META.get("CONTENT_LENGTH") or "0"
        if self.request.upload_too_big or (length.isdecimal() and int(length[:15]) > self.room + MEGABYTE):
            self.stop()

    def receive_data_chunk(self, raw_data, start):
        if start + len(raw_data) > self.room:
            self.stop()
        return raw_data

    def stop(self):
        self.request.upload_too_big = True
        # By size. Django would pass over the rest line by line, and of a file without line ends that is all of it at once.
        while self.request.read(PIECE):
            pass
        # Not with a reset: the browser is still sending, and would show its own error instead of our sentence.
        raise StopUpload(connection_reset=False)

    def file_complete(self, file_size):
        return None


def takes_files(load):
    """For a view that takes a file: `load(request, **kwargs)` says who may (404, 403) before a byte of it is read.

    What it returns is the view's second argument.
    """

    def mark(view):
        protected = csrf_protect(view)

        @csrf_exempt  # reading the token means reading the file; that comes after the questions below
        @wraps(view)
        def guarded(request, **kwargs):
            loaded = load(request, **kwargs)
            request.upload_too_big = False
            if request.method == "POST":
                request.upload_handlers.insert(0, Measuring(request))
            return protected(request, loaded)

        return guarded

    return mark
