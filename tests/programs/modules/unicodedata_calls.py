# Results and errors of each function, of both databases.
import unicodedata as u

def t(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__, e)
for o in (u,u.ucd_3_2_0):
  for x in (1,'ab','',b'a',None):
    t(lambda:o.category(x)); t(lambda:o.name(x)); t(lambda:o.decimal(x,3)); t(lambda: o.lookup(x)); t(lambda:o.normalize(x,'a')); t(lambda:o.normalize('NFC',x)); t(lambda:o.is_normalized('NFC',x)); t(lambda:o.is_normalized('NFX','x'))
    t(lambda:o.normalize('NFC'))
  for f in (o.name,o.decimal,o.digit,o.numeric,o.lookup,o.category): t(lambda:f('\ue000')); t(lambda: f()); t(lambda: f(chr=1)); t(lambda: f('a',1,2))
  t(lambda: o.lookup('NO SUCH NAME ')); t(lambda:o.lookup('x'*300)); t(lambda: o.lookup(b'SPACE')); t(lambda:o.lookup('é'))
  t(lambda: o.normalize('','')); t(lambda: o.normalize('foo','')); t(lambda: o.normalize('foo','a'));t(lambda: o.normalize('foo','é'));
  t(lambda: o.is_normalized('foo',''));
  t(lambda: o.numeric('½')); t(lambda: o.name('\U0001fae0')); t(lambda: o.lookup('MELTING FACE')); t(lambda: o.lookup('NULL')); t(lambda: o.lookup('KEYCAP NUMBER SIGN'));
  t(lambda: o.decomposition('½'));t(lambda: o.decomposition('가'));t(lambda:o.decomposition('\uf951'))
t(lambda: u.UCD()); print(u.UCD, type(u.ucd_3_2_0), u.UCD.__module__)
t(lambda: u.ucd_3_2_0.foo); print(u.ucd_3_2_0.unidata_version)

# Composition: order of marks, what blocks, Hangul.
for text in ("e\u0301\u0323", "a\u0315\u0300\u05ae\u0300\u0315b", "\u1100\u1161\u11a8x", "\uac00\u11a7\uac01", "\u0958", "\u1e9b\u0323",
             "\ufb03", "\u0344\u0390", "\ud800\u0301", "\u09c7\u09be", "\u0b47\u0300\u0b3e", "\u1100\u0300\u1161", "\U0001d15e", "\u212b"):
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        result = u.normalize(form, text)
        print(ascii(text), form, ascii(result), u.is_normalized(form, text))
print(u.lookup("latin small letter a"), u.lookup("HANGUL SYLLABLE GAG"), u.name("\u4e00"), u.name("\uac01"), u.lookup("LATIN CAPITAL LETTER GHA"))
print("\N{LATIN SMALL LETTER E WITH ACUTE}", u.is_normalized("NFC", "\u00e9"), u.normalize("NFD", "\u00e9").encode())
