# datetime: constructors, arithmetic, comparison, texts (isoformat, fromisoformat, strftime, strptime), zones, pickled states.
import datetime as module
from datetime import date, datetime, time, timedelta, timezone


def delta(r):
    kind = r.below(5)
    if kind == 0:
        return timedelta(r.below(2000001) - 1000000, r.below(200000) - 100000, r.below(4000000) - 2000000)
    if kind == 1:
        days = float_from(r)
        return timedelta(days=days % 1000 if abs(days) < 1e300 and r.flip() else r.below(100) / 8, hours=r.below(1000) / 7, microseconds=r.below(1000) / 4)
    if kind == 2:
        return r.choice([timedelta.min, timedelta.max, timedelta.resolution, timedelta(0), timedelta(999999999), timedelta(-999999999)])
    return timedelta(seconds=r.below(20000000) / 100 - 100000, milliseconds=r.below(3000), weeks=r.below(5))


def zone(r):
    kind = r.below(4)
    if kind < 2:
        return None
    if kind == 2:
        return timezone.utc
    offset = timedelta(minutes=r.below(2878) - 1439, seconds=r.choice([0, 0, r.below(60)]), microseconds=r.choice([0, 0, 0, 7]))
    return timezone(offset) if r.flip() else timezone(offset, r.choice(["X", "Mean Time", ""]))


def day(r):
    year = r.choice([1, 9999, 1 + r.below(9999), 1900 + r.below(200), 1970, 2000, 2024])
    month = 1 + r.below(12)
    return year, month, 1 + r.below(28 if r.below(4) else 31)


def instant(r):
    kind = r.below(3)
    try:
        if kind == 0:
            return date(*day(r))
        micro = r.choice([0, r.below(1000000), r.below(1000) * 1000])
        clock = r.below(24), r.below(60), r.below(60), micro, zone(r)
        if kind == 1:
            return datetime(*day(r), *clock, fold=r.below(2))
        return time(*clock, fold=r.below(2))
    except ValueError:
        return date(2024, 2, 29)


def iso_text(r):
    kind = r.below(6)
    if kind == 0:
        return r.text("0123456789-:.,TWZ+ ", 20)
    if kind == 1:
        return "%04d-W%02d%s" % (r.below(10000), r.below(55), r.choice(["", "-%d" % r.below(9)]))
    value = instant(r).isoformat()
    if kind == 2:
        value = value.replace("-", "").replace(":", "")
    if kind > 3:
        at = r.below(len(value) + 1)
        value = value[:at] + r.choice(["", "0", "9", "-", ":", ".", "Z", "T", " ", "+", "24:00", "\u0663", "\ud800"]) + value[at + r.below(2):]
    return value + r.choice(["", "", "Z", "+01", "+0130", "-23:59:59.999999", "+24:00"])


def case(r):
    kind = r.below(12)
    if kind == 0:
        a, b = delta(r), delta(r)
        name = r.choice(["__add__", "__sub__", "__truediv__", "__floordiv__", "__mod__", "__divmod__", "__lt__", "__eq__"])
        return "%s(%r, %r) %s %s %s" % (name, a, b, attempt(getattr(a, name), b), a, attempt(a.total_seconds))
    if kind == 1:
        a = delta(r)
        other = r.choice([r.below(200) - 100, integer_from(r, 60), float_from(r), 0.5, 1 / 3, "x", None])
        name = r.choice(["__mul__", "__rmul__", "__truediv__", "__floordiv__"])
        return "%s(%r, %r) %s" % (name, a, other, attempt(getattr(a, name), other))
    if kind == 2:
        a, b = instant(r), instant(r)
        name = r.choice(["__sub__", "__lt__", "__eq__", "__ge__"])
        return "%s(%r, %r) %s" % (name, a, b, attempt(lambda: getattr(a, name)(b)))
    if kind == 3:
        a, b = instant(r), delta(r)
        return "%r with %r %s %s" % (a, b, attempt(lambda: a + b), attempt(lambda: a - b))
    if kind == 4:
        a = instant(r)
        state = attempt(a.__reduce_ex__, r.choice([2, 4]))
        return "%r %s %s %s %s %s" % (a, a, attempt(lambda: a.isoformat(*(["x", "seconds"] if r.flip() and type(a) is datetime else []))), attempt(lambda: a.timetuple()),
                                   attempt(lambda: a.isocalendar()), state)
    if kind < 7:
        text, cls = iso_text(r), r.choice([date, datetime, time])
        return "%s.fromisoformat(%r) %s" % (cls.__name__, text, attempt(cls.fromisoformat, text))
    if kind == 7:
        a = instant(r)
        text = "".join([r.choice(["%" + r.choice("aAwdbBmyYHIMSjUWZzpfxXcGuV%"), "-", " ", "x", "%:z", "\u00e9"]) for _ in range(r.below(6))])
        if type(a) is not time and a.year < 1000:
            a = a.replace(year=a.year + 1000)
        return "%r.strftime(%r) %s" % (a, text, attempt(a.strftime, text))
    if kind == 8:
        a = instant(r)
        fields = ["year", "month", "day", "hour", "minute", "second", "microsecond", "fold", "tzinfo"]
        changes = {r.choice(fields): r.choice([0, 1, 2, 13, 29, 31, 60, 1999, 10000, -1, None, 1.5, timezone.utc]) for _ in range(1 + r.below(2))}
        return "%r.replace(%r) %s" % (a, changes, attempt(lambda: a.replace(**changes)))
    if kind == 9:
        text = "".join([r.choice(["%" + r.choice("aAwdbBmyYHIMSjUWZzpfxXc%GuV"), "-", " ", ":"]) for _ in range(r.below(6))])
        a = instant(r)
        if type(a) is not time and a.year < 1000:
            # What %c and %x make of such years is the C library's business.
            a = a.replace(year=a.year + 1000)
        try:
            shown = a.strftime(text)
        except ValueError:
            shown = "x"
        if r.below(4) == 0:
            shown = shown[:r.below(len(shown) + 1)] + r.choice("0129 x-") + shown[r.below(len(shown) + 1):]
        # Where in a pattern the names of zones stand depends on the names that the system has.
        return "strptime(%r, %r) %s" % (shown, text, attempt(datetime.strptime, shown, text).partition(" at position ")[0])
    if kind == 10:
        a = instant(r)
        target = zone(r) or timezone.utc
        return "%r %s %s %s %s" % (a, attempt(lambda: a.astimezone(target)), attempt(lambda: a.utcoffset()), attempt(lambda: a.timestamp() if a.tzinfo else None),
                                   attempt(lambda: a.toordinal()))
    # Years that a datetime cannot have are the C library's business.
    stamp = r.choice([float_from(r), float(r.below(2 ** 31)), r.below(2 ** 33) + r.below(1000000) / 1000000, r.below(2 ** 40)])
    if abs(stamp) > 62e9:
        stamp %= 1e9
    number = r.below(4000000)
    parts = [r.choice([0, 1, 12, 13, 24, 31, 60, 1000000, -1, 2024, 9999]) for _ in range(r.below(8))]
    return "%r %s %s %s %r %s %s" % (stamp, attempt(datetime.fromtimestamp, stamp, timezone.utc), attempt(date.fromordinal, number),
                                     attempt(date.fromisocalendar, r.below(10001), r.below(55), r.below(9)), parts, attempt(lambda: datetime(*parts)),
                                     attempt(lambda: time(*parts)))
