import binascii
def t(f,*a,**k):
    try: print(f(*a,**k))
    except Exception as e: print(type(e).__name__, e)
from binascii import *
for s in (b'YWJj', 'YWJj', b'YWJ', b'Y', b'YWJj=', b'YW==', b'YW=', b'Y W\nJj', b'=YWJj', b'YWJjZ', b'\xff', 'é', 5, b'Y=WJj', b'===='):
    t(a2b_base64,s); t(a2b_base64,s,strict_mode=True)
t(unhexlify,'abc');t(unhexlify,'zz');t(unhexlify,b'4a4B');t(unhexlify,5);t(hexlify,b'abcd','-');t(hexlify,b'abcde','-',2);t(hexlify,b'abcde','-',-2);t(hexlify,b'abc','--');t(hexlify,b'abc',b':',0);t(hexlify,'x');t(hexlify,b'abc',5)
t(b2a_uu,b'x'*46);t(b2a_uu,b'hello');t(b2a_uu,b'hel\0\0',backtick=True);t(a2b_uu,b'%:&5L;&\\ \n');t(a2b_uu,b'%:&5L\n');t(a2b_uu,b'\x7f');t(a2b_uu,b'#:&5Lxx');t(a2b_uu,b'%\x01aaa')
t(crc32,b'abc');t(crc32,b'abc',5);t(crc_hqx,b'abc',0);t(b2a_base64,b'abc');t(b2a_base64,b'ab',newline=False);t(crc32,'x');t(crc32,b'',-1);t(crc_hqx,b'',-1);t(crc_hqx,b'')
t(b2a_qp,b'a=b\xe9 \n.\n\ttab \t\nx'*5);t(b2a_qp,b'a b_?',header=True);t(b2a_qp,b'a b\t',quotetabs=True);t(b2a_qp,b'a\r\nb\n',istext=False);t(a2b_qp,b'a=3Db=\nc=\r\nd=XY=4=');t(a2b_qp,b'a_b',header=True);t(b2a_qp,b'x'*80);t(b2a_qp,b'a\r\nb\nc'),t(a2b_qp,'a=41')
print(Error.__mro__, Incomplete.__mro__)
for n in 'a2b_base64 b2a_base64 hexlify unhexlify b2a_uu a2b_uu crc32 crc_hqx a2b_qp b2a_qp'.split(): print(n, getattr(binascii,n).__text_signature__, getattr(binascii,n).__name__)
