# needs: beautifulsoup4==4.15.0 soupsieve==4.1.1 typing-extensions==4.16.0
from bs4 import BeautifulSoup, Comment, NavigableString, SoupStrainer

HTML = '''<!DOCTYPE html><html><head><title>The Story</title></head><body>
<p class="title big"><b>The Dormouse's story</b></p>
<p class="story">Once <a href="/elsie" class="sister" id="link1">Elsie</a>, <a href="/lacie" class="sister" id="link2">Lacie</a> &amp; <br>
<a href="/tillie" class="sister" id="link3">Tillie</a>;<!-- comment --></p><ul><li>1<li>2</ul></body></html>'''
soup = BeautifulSoup(HTML, 'html.parser')
print(soup.title.string, soup.p['class'], [a['href'] for a in soup.find_all('a')], soup.find(id='link2').get_text())
print(soup.prettify())
print(soup.select('p.story > a:nth-of-type(2)'), soup.select_one('a[href$="lie"]:not(#link1)'), [x.name for x in soup.select('body *:has(> b), li:first-child')])
print(soup.get_text(' ', strip=True), soup.find(string=lambda t: isinstance(t, Comment)))
tag = soup.new_tag('i', attrs={'data-x': '1'})
tag.string = 'new & <old>'
soup.b.replace_with(tag)
soup.a.insert_after(NavigableString('!'))
soup.find('a', id='link3').decompose()
print(soup.find('p', 'title'), [type(c).__name__ for c in soup.find(class_='story').children])
print([t.name for t in soup.li.parents], soup.i.find_parent('p').attrs, soup.ul.find_previous('a'), soup.find_all(['i', 'li'], limit=2))
print(BeautifulSoup('<a><b>x</a>y', 'html.parser'), BeautifulSoup(b'\xe4\xf6', 'html.parser', from_encoding='latin-1').text)
print(BeautifulSoup(HTML, 'html.parser', parse_only=SoupStrainer('li')).decode(), soup.find('nothing'), soup.i.encode('ascii'))
try:
    BeautifulSoup('<a/>', 'xml')
except Exception as error:
    print(type(error).__name__, error)
