# datetime: construction, arithmetic, comparison, ISO text, zones, errors.
from datetime import *

td = timedelta


class TZ(tzinfo):
    def utcoffset(self, dt):
        return 5

    def tzname(self, dt):
        return 5

    def dst(self, dt):
        return timedelta(days=2)


class T2(tzinfo):
    pass


class Summer(tzinfo):
    def utcoffset(self, dt):
        return td(hours=1) + self.dst(dt)

    def dst(self, dt):
        if dt is None:
            return td(0)
        naive = dt.replace(tzinfo=None)
        return td(hours=1) if datetime(2024, 3, 31, 2) <= naive < datetime(2024, 10, 27, 3 - dt.fold) else td(0)

    def tzname(self, dt):
        return "CEST" if self.dst(dt) else "CET"


class MyDate(date):
    def __new__(cls, *args, extra=None):
        self = date.__new__(cls, *args)
        self.extra = extra
        return self


class MyTime(datetime):
    pass


def show(text):
    try:
        print(text, "->", repr(eval(text)))
    except Exception as error:
        print(text, "!!", type(error).__name__, error)


for text in """
date(0,1,1)
date(1,13,1)
date(1,2,30)
date(10000,1,1)
date('a',1,1)
date(1)
date(1,2,3,4)
date(2020,1,1.5)
time(24)
time(1,60)
time(1,1,60)
time(1,1,1,1000000)
time(fold=2)
time(tzinfo=5)
datetime(2020,1,1,24)
datetime(2020,1,1,tzinfo=5)
datetime(2020,1,1,fold=3)
td('a')
td(days='a')
td(days=10**10)
td(days=10**30)
td(float('inf'))
td(float('nan'))
td(days=1)/0
td(1)//0
td(1)//td(0)
td(1)/td(0)
td(1)+1
date(2020,1,1)+td(days=10**9-1)
date(2020,1,1)+1
date(2020,1,1)-5
date(2020,1,1)-date(2019,1,1)
date(2020,1,1)<5
date(2020,1,1)==datetime(2020,1,1)
date(2020,1,1)<datetime(2020,1,1)
datetime(2020,1,1)<datetime(2020,1,1,tzinfo=timezone.utc)
datetime(2020,1,1)-datetime(2020,1,1,tzinfo=timezone.utc)
datetime(2020,1,1)==datetime(2020,1,1,tzinfo=timezone.utc)
time(1)<time(1,tzinfo=timezone.utc)
time(1)==time(1,tzinfo=timezone.utc)
datetime(2020,1,1,tzinfo=TZ()).utcoffset()
datetime(2020,1,1,tzinfo=TZ()).tzname()
datetime(2020,1,1,tzinfo=TZ()).dst()
datetime(2020,1,1,tzinfo=T2()).utcoffset()
datetime(2020,1,1,tzinfo=T2()).tzname()
datetime(2020,1,1,tzinfo=T2()).dst()
datetime(2020,1,1).astimezone(T2())
T2().fromutc(5)
T2().fromutc(datetime(2020,1,1))
timezone(5)
timezone(td(1))
timezone(td(hours=1),5)
timezone(td(hours=1),'x')
repr(timezone(td(hours=1,minutes=30)))
str(timezone(td(hours=-1,minutes=-30,seconds=-5)))
str(timezone(td(0)))
repr(timezone.utc)
timezone.utc.utcoffset(5)
timezone.utc.fromutc(5)
timezone.utc.fromutc(datetime(2020,1,1))
timezone.utc.tzname(5)
timezone(td(0)) is timezone.utc
date.fromisoformat('2020-1-1')
date.fromisoformat(5)
date.fromisoformat('2020-W01-8')
date.fromisoformat('2020W53')
date.fromisoformat('20200230')
time.fromisoformat('25:00')
time.fromisoformat('T12:30:45,5')
time.fromisoformat('12:30:45.123456789Z')
time.fromisoformat('12:3')
datetime.fromisoformat('2020-01-01T24:00')
datetime.fromisoformat('2020-01-01T24:01')
datetime.fromisoformat('2020-01-01 12:30+05:30:10.000005')
datetime.fromisoformat('2020-01-01T12+25:00')
datetime.fromisoformat('')
time.fromisoformat('24:00')
date.fromordinal(0)
date.fromordinal(10**7)
date.fromordinal('a')
date.fromtimestamp(1e20)
date.fromtimestamp('a')
datetime.fromtimestamp(float('nan'))
datetime.fromtimestamp(1e12)
datetime.fromtimestamp(1.5,5)
datetime.fromtimestamp(1.6,timezone.utc)
date.fromisocalendar(2020,54,1)
date.fromisocalendar(2020,1,8)
date.fromisocalendar(10000,1,1)
date(2020,12,31).isocalendar()
tuple(date(2020,12,31).isocalendar())
datetime(2020,1,1).isoformat(timespec='x')
datetime(2020,1,1).isoformat(5)
datetime(2020,1,1).isoformat('xx')
datetime(2020,1,1,1,2,3,4,timezone.utc).isoformat(' ','milliseconds')
datetime.combine(5,time())
datetime.combine(date(2020,1,1),5)
datetime.combine(date(2020,1,1),time(1,tzinfo=timezone.utc),None)
date(2020,1,1).replace(foo=1)
date(2020,1,1).replace(month=13)
datetime(2020,1,1).replace(tzinfo=5)
datetime(2020,1,1,fold=1).replace()
repr(datetime(2020,1,1,fold=1))
repr(datetime(2020,1,1,1,1,1,tzinfo=timezone.utc))
repr(time(1,2,3,4,fold=1,tzinfo=timezone.utc))
repr(time(1))
str(time(1,2))
format(date(2020,1,1),5)
')
datetime(2020,1,1).__reduce__()
datetime(2020,1,1,fold=1,tzinfo=timezone.utc).__reduce_ex__(4)
date(2020,1,1).__reduce__()
time(1,2,3,fold=1).__reduce_ex__(2)
td(1,2,3).__reduce__()
timezone(td(1)/2).__reduce__()
timezone(td(1)/2).__getinitargs__()
T2().__reduce__()
datetime(2020,1,1).timetuple()
datetime(2020,1,1,tzinfo=timezone.utc).utctimetuple()
datetime(2020,1,1).timestamp()
datetime(1,1,1).timestamp()
datetime(2020,1,1,tzinfo=timezone.utc).timestamp()
hash(td(1,2,3))==hash((1,2,3))
td(1.5),td(hours=1.1),td(microseconds=0.5),td(microseconds=1.5)
td(1)*1.1,td(1)/3,td(1)/1.3,3*td(1)//7
divmod(td(5),td(2))
abs(td(-1))
str(td(-1,5,7))
str(td(2))
repr(td(-1,5,7))
td.max,td.min,td.resolution
date.min,date.max
time.min,time.max
datetime.min,datetime.max,datetime.resolution
timezone.min,timezone.max,timezone.utc
datetime(2020,1,1,tzinfo=timezone.utc).astimezone(timezone(td(hours=2)))
datetime(2020,1,1)+td(days=10**7)
datetime(2020,1,1)+5
datetime(2020,1,1)-td(1,1)
td(1)+datetime(2020,1,1)
td(1)-datetime(2020,1,1)
date(2020,1,1).ctime()
datetime(2020,1,1,1,2,3).ctime()
time(1,tzinfo=TZ()).utcoffset()
time(1)+1
date(b'\x07\xe4\x01\x01')
datetime(b'\x07\xe4\x01\x01\x00\x00\x00\x00\x00\x00', timezone.utc)
time(b'\x01\x02\x03\x00\x00\x00')
time.fromisoformat('12:30:45+00:00')
time.fromisoformat('12:30:45-00:00:00.000001')
datetime.fromisoformat('2020-W05-3T10')
datetime.fromisoformat('20200102T030405.678')
td(1)<5
td(1)==5
time(1)<5
bool(time(0)),bool(td(0))
date(2020,1,1).foo
date(2020,1,1).__replace__(year=5)
date(2020,1,1).year.__class__
td(1)@td(2)
-td(1,1)
+td(1)
td(2).total_seconds()
td(days=999999999)+td(1)
td(seconds=1,milliseconds=1,minutes=1,hours=1,weeks=1)
td(seconds=2**70)
date(99, 1, 1).strftime('%Y %G %C %j %U %%')
date(2020, 1, 1).strftime('%z%Z%f%:z.')
datetime(2020, 1, 1, 5, 6, 7, 89, tzinfo=timezone(td(hours=5, seconds=7))).strftime('%z %Z %f %:z %Y %H:%M:%S')
datetime(2020, 1, 1, tzinfo=timezone(td(0), 'a%b')).strftime('%Z')
datetime.strptime('2020-01-02 03:04:05.678 +0530', '%Y-%m-%d %H:%M:%S.%f %z')
f'{datetime(2020, 1, 2, 3, 4):%d.%m.%y %H:%M}'
datetime(2024, 7, 1, tzinfo=Summer()).utcoffset(), datetime(2024, 7, 1, tzinfo=Summer()).tzname()
datetime(2024, 7, 1, tzinfo=Summer()) == datetime(2024, 6, 30, 22, tzinfo=timezone.utc)
datetime(2024, 7, 1, tzinfo=Summer()) - datetime(2024, 1, 1, tzinfo=timezone.utc)
datetime(2024, 7, 1, tzinfo=Summer()) < datetime(2024, 7, 1, tzinfo=timezone.utc)
hash(datetime(2024, 7, 1, tzinfo=Summer())) == hash(datetime(2024, 6, 30, 22, tzinfo=timezone.utc))
datetime(2024, 7, 1, tzinfo=timezone.utc).astimezone(Summer()).replace(tzinfo=None)
datetime(2024, 10, 27, 2, 30, tzinfo=Summer()).isoformat(), datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=Summer()).isoformat()
datetime(2024, 10, 27, 2, 30, tzinfo=Summer()) == datetime(2024, 10, 27, 0, 30, tzinfo=timezone.utc)
datetime(2024, 7, 1, tzinfo=Summer()).timetuple().tm_isdst, datetime(2024, 7, 1, tzinfo=Summer()).timestamp()
MyDate(2020, 1, 1, extra=3).extra, MyDate(2020, 1, 1) + td(1), MyDate.fromordinal(5), MyDate(2020, 1, 1).replace(day=3)
MyTime(2020, 1, 1) + td(hours=1), MyTime.fromisoformat('2020-01-01'), MyTime.combine(date(2020, 1, 1), time(5))
MyTime(2020, 1, 1, fold=1).replace(hour=3), MyTime.fromtimestamp(0, timezone.utc), type(MyTime(2020, 1, 1).date())
date(2020, 1, 1) == MyTime(2020, 1, 1), isinstance(datetime.min, date), issubclass(timezone, tzinfo)
sorted([date(2020, 5, 1), date(2019, 5, 1)]), max(td(1), td(2)), {date(2020, 1, 1): 1}[date(2020, 1, 1)]
td(1) == td(hours=24), hash(td(1)) == hash(td(hours=24)), sum([td(1), td(2)], td())
datetime.fromtimestamp(1700000000.123456, timezone.utc), datetime.fromtimestamp(-0.5, timezone.utc)
datetime.fromtimestamp(2**40, timezone.utc), date.fromtimestamp(86400 * 3 + 5)
time(23, 59, 59, 999999).isoformat('milliseconds'), time(5).isoformat(timespec='hours')
[d.isocalendar()[:] for d in (date(2021, 1, 3), date(2021, 1, 4), date(2020, 12, 31), date(2000, 1, 1))]
date(2024, 2, 29).replace(year=2023)
date.max + td(1)
datetime.min - td.resolution
datetime(2020, 1, 31, 12).__format__(''), str(datetime(2020, 1, 1, 1, 2, 3, 4))
(lambda m: m)(datetime(2020, 1, 1, 1).time()), datetime(2020, 1, 1, 1, tzinfo=timezone.utc).timetz()
""".strip().splitlines():
    show(text)

import copy
import pickle

for value in (date(2020, 1, 2), time(1, 2, 3, 4, timezone.utc, fold=1), datetime(2020, 1, 2, 3, 4, 5, 6, timezone(td(hours=1), "x")),
              td(1, 2, 3), timezone.utc, timezone(td(minutes=5))):
    print(copy.copy(value) == value, copy.deepcopy(value) == value)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(value, protocol))
        print(protocol, again == value, repr(again))
