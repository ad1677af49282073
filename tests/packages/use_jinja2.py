# needs: jinja2==3.1.6 markupsafe==3.0.4
from jinja2 import DictLoader, Environment, StrictUndefined, Template, TemplateSyntaxError, UndefinedError
from markupsafe import Markup, escape

print(Template('Hello {{ name|title }}!').render(name='john smith'))
env = Environment(loader=DictLoader({
    'base.html': '<title>{% block title %}Base{% endblock %}</title>\n{% block body %}{% endblock %}',
    'page.html': '''{% extends "base.html" %}
{% from "macros.html" import item with context %}
{% block title %}{{ super() }} - {{ title }}{% endblock %}
{% block body -%}
<ul>
{%- for row in rows if row.show recursive %}
  <li class="{{ loop.cycle('odd', 'even') }}">{{ loop.index }}/{{ loop.length }} {{ item(row.name) }}</li>
{%- else %}
  <li>nothing</li>
{%- endfor %}
</ul>
{%- set total = rows|sum(attribute='n') %}
{{ total }} {{ "%.2f"|format(total / 3) }} {{ rows|map(attribute='name')|join(', ') }}
{%- endblock %}''',
    'macros.html': '{% macro item(x, sep=":") %}{{ x|upper }}{{ sep }}{{ caller() if caller }}{% endmacro %}',
}), autoescape=True, trim_blocks=False)
rows = [dict(name='a<b', n=1, show=True), dict(name='c&d', n=2, show=False), dict(name='e', n=4, show=True)]
print(env.get_template('page.html').render(title='T & U', rows=rows))
print(env.from_string('{% for k, v in d|dictsort %}{{ k }}={{ v }};{% endfor %} {{ [1,2,3]|batch(2)|list }} {{ x is defined }} {{ "a b c".split()|last }}').render(d={'b': 1, 'a': 2}))
print(env.from_string('{{ text|wordwrap(10) }}\n{{ 1234567|filesizeformat }} {{ [3,1,2]|sort|tojson }} {{ none|default("x", true) }} {{ "<p>x</p>"|striptags }} {{ 7 // 2 ** 2 ~ "z" }}').render(text='some words that wrap'))
env.filters['double'] = lambda x: x * 2
env.tests['big'] = lambda x: x > 10
env.globals['now'] = lambda: 'noon'
print(env.from_string('{{ 6|double }} {{ 12 is big }} {{ now() }} {%- raw %} {{ raw }} {% endraw %}{# comment #}').render())
for source in ('{% if %}', '{{ a.b.c }}', '{% for x in y %}', '{{ x|nofilter }}', '{{ undefined_name }}'):
    try:
        print(Environment(undefined=StrictUndefined).from_string(source).render(a={}))
    except (TemplateSyntaxError, UndefinedError) as error:
        print(type(error).__name__, error)
print(escape('<a href="x">\'&'), Markup('<b>%s</b>') % '<i>', Markup('<em>x</em> &amp; y').striptags(), Markup('a').join(['<', Markup('>')]))


async def numbers():
    for i in range(3):
        yield i


# Without an event loop, which the oracle has not: nothing here waits.
try:
    Environment(enable_async=True).from_string('{% for i in n %}{{ i }},{% endfor %}').render_async(n=numbers()).send(None)
except StopIteration as end:
    print(end.value)
