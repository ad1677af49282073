# XML through expat: trees, errors with places, DOM, property lists, SAX.
import xml.etree.ElementTree as ET, pyexpat
r=ET.fromstring('<a x="1&lt;2"><b>t&amp;x</b>tail<c/></a>')
print(ET.tostring(r), [ (e.tag,e.text,e.tail,e.attrib) for e in r.iter()])
for t in ['', 'abc','<a>','<a></b>','<a/>b','<a b="1" b="2"/>','<a>&foo;</a>','<a','<a>\n<b></a>','<a><!-- -- --></a>','<a>\x01</a>','<a x=1/>','&a;','<?xml version="1.0"?><?xml version="1.0"?><a/>','<a>]]></a>','<a>&#0;</a>','<x:a/>',' <?xml version="1.0"?><a/>','<a><b/>', '<!DOCTYPE a><a/><b/>','<a>\xff</a>'.encode('latin1'), '<?xml version="1.0" encoding="foo"?><a/>']:
    try: print(repr(t), ET.tostring(ET.fromstring(t)))
    except Exception as e: print(repr(t), type(e).__name__, e, getattr(e,'code',None), getattr(e,'position',None))
import xml.dom.minidom as m
print(m.parseString('<!DOCTYPE a [<!ENTITY e "text">]><a><b c="d">&e;</b><!--c--></a>').toxml())
import plistlib
print(plistlib.loads(plistlib.dumps({'a':[1,2.5,True,b'x','s']})))
import xml.sax
class H(xml.sax.ContentHandler):
    def startElement(s,n,a): print('start',n,dict(a))
    def endElement(s,n): print('end',n)
    def characters(s,c): print('chars',repr(c))
xml.sax.parseString('<a q="1">x\ny<b/></a>',H())
