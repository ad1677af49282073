# \N{...} in literals, in codecs and through eval, exec and compile; declared encodings of sources.
print(ascii('\N{NUL}\N{latin small letter a}\N{HANGUL SYLLABLE GAG}\N{GREEK SMALL LETTER ALPHA}'), f'\N{DIGIT ONE}{2}\N{COMMA}')
for s in [r"'\N{KEYCAP NUMBER SIGN}'", r"'\N{nope}'", r"f'\N{nope} {x}'", r"'\N'", r"'\N{'", r"'\N{}'", r"f'\N{'", r"f'\N'", r"'é\N{CJK UNIFIED IDEOGRAPH-4e00}'", r"'\N{DIGIT TWO}'"]:
    try: print(ascii(eval(s)))
    except SyntaxError as e: print(s, e, e.offset, e.end_offset)
print('é\ud800\x00\uac00\ue000a'.encode('ascii','namereplace'))
print(rb'\N{DIGIT ONE}\N{HANGUL SYLLABLE GAG}'.decode('unicode_escape'))
import codecs
try: print(rb'\N{xx}'.decode('unicode_escape'))
except Exception as e: print(e)
print(ascii(rb'a\N{xx}b'.decode('unicode_escape', 'replace')))
print(codecs.lookup_error('namereplace')(UnicodeEncodeError('ascii','éx',0,2,'')))
exec(r"print('\N{DIGIT SIX}')")
ns = {}
exec(compile(rb"x = '\N{DIGIT SEVEN}'", 'f', 'exec'), ns); print(ns['x'])
for b in [b"# coding: cp1252\nx='\x80'", b'# coding: foo\nx', b"# coding: ascii\nx='\xe9'", b"# coding: iso-8859-15\nx='\xa4\xe9'", b"\xef\xbb\xbfx='\xc3\xa9'", b"x='\xff'", b'\xef\xbb\xbf# coding: latin-1\nx', b"# coding: utf-7\nx='+AOk-'", b"x='a\r\nb'", b"x='''a\r\nb'''", b"x=1\x00", b"# coding: koi8-r\nx='\xc1'", b"# coding: rot13\nx"]:
    for f in (exec, lambda b, ns: exec(compile(b, 'f.py', 'exec'), ns)):
        ns = {}
        try: f(b, ns); print(ascii(ns['x']))
        except SyntaxError as e: print(type(e).__name__, e.args)
        except Exception as e: print(type(e).__name__, e)
