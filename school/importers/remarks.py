"""What an import has to say about a file: errors (nothing is stored) and warnings (it goes on), with line numbers."""

from dataclasses import asdict, dataclass, field

from django.utils.translation import gettext as _

KINDS = ("groups", "pupils", "staff", "guardians", "guardianships", "results")
MAX_REMARKS = 500  # of each sort; a wholly wrong file says so 500 times, then once more that there are others


class Unreadable(Exception):
    """The file as a whole cannot be read. Its text is one Dutch sentence."""

    def __init__(self, message, line=None):
        self.message, self.line = str(message), line
        super().__init__(self.message)


@dataclass(frozen=True)
class Remark:
    file: str
    line: int | None
    message: str


@dataclass
class Remarks:
    """Collects for one file at a time; `about(name)` says which."""

    errors: list = field(default_factory=list)
    warnings: list = field(default_factory=list)
    file: str = ""

    def about(self, name):
        self.file = name
        return self

    def error(self, message, line=None):
        self._add(self.errors, message, line)

    def warn(self, message, line=None):
        self._add(self.warnings, message, line)

    def _add(self, remarks, message, line):
        remark = Remark(self.file, line, str(message))
        if len(remarks) == MAX_REMARKS:
            remarks.append(Remark(self.file, None, _("Er zijn nog meer van zulke regels; die staan hier niet bij.")))
        elif len(remarks) < MAX_REMARKS and remark not in remarks[-20:]:
            remarks.append(remark)

    def as_lists(self):
        return {"errors": [asdict(r) for r in self.errors], "warnings": [asdict(r) for r in self.warnings]}

    @classmethod
    def from_lists(cls, lists):
        return cls(
            errors=[Remark(**r) for r in lists.get("errors", [])],
            warnings=[Remark(**r) for r in lists.get("warnings", [])],
        )
