"""Where floors above tell the ground floor what there is: mail, jobs, reactions. Filled in each app's ready()."""

mails = {}
private = set()
named = {}
together = {}
jobs = {}
reactions = {}
others = []


def mail(name, *, is_private=False, named_as=None):
    """Register the function that writes message `name`: `(outgoing) -> Mail`, or None when it no longer holds.

    Whom mail could not reach is shown to leadership with its subject. `is_private`: not of this one, that it was sent is
    its reader's business. `named_as`: with these words instead of its subject.
    """

    def register(function):
        assert name not in mails, f"two mails are called {name}"
        mails[name] = function
        if is_private:
            private.add(name)
        if named_as:
            named[name] = named_as
        return function

    return register


def mail_together(name, *, mark):
    """Register the function that prepares many rows of message `name` at once: `(rows) -> function(row)`.

    What many share it asks once, in a fixed number of questions; what it returns asks nothing and gives (Mail or None,
    its mark): what it is about and to which address it goes. `mark(row)` says the same cheaply as things stand. A mail
    that was written a few seconds ago only goes while its mark is what it was.
    """

    def register(prepare):
        assert name not in mails, f"two mails are called {name}"
        mails[name] = lambda row: prepare([row])(row)[0]
        together[name] = prepare, mark
        return prepare

    return register


def job(kind):
    """Register the function that does jobs of `kind`: `(job, progress) -> dict`, where progress is (done, total, note)."""

    def register(function):
        assert kind not in jobs, f"two jobs are called {kind}"
        jobs[kind] = function
        return function

    return register


def reaction(event):
    """Register a function that is called inside the transaction of `event`, with that event's keywords.

    Events: `school_founded(school)`, `imported(school, by, now)`, `restricted(relatie, by, now)`,
    `address_changed(person, by, now)`: mail goes somewhere else from now on, or the address proved to be right,
    `ronde_changed(ronde, changed, by, now, reason)` with the names of what changed; `reason` is what was given for it,
    often empty; `activity_changed(activiteit, was, by, now, reason)`: another day, time or place than it `was`, or called
    off, after families were invited;
    `gesprekken_granted(ronde, by, now, reason)`: pupils were added to a ronde that is held on request;
    `talks_changed(gesprekken)`, their ids: another time, length, place or teacher, or no time any more.
    """

    def register(function):
        reactions.setdefault(event, []).append(function)
        return function

    return register


def tell(event, **about):
    """Call everybody who reacts to `event`, in the caller's transaction."""
    for function in reactions.get(event, []):
        function(**about)


def also_there(function):
    """Register who sits in besides those who take part: `(gesprek ids) -> {gesprek id: [words for the family]}`.

    It asks the same number of questions for one gesprek as for many.
    """
    others.append(function)
    return function


def who_else(gesprekken):
    """{gesprek id: [words]} of everybody the floors above know to sit in with these gesprekken (their ids)."""
    found = {pk: [] for pk in gesprekken}
    for function in others:
        for pk, words in function(list(found)).items():
            found[pk] += words
    return found
