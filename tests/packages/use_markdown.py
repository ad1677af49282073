# needs: markdown==3.11.3
import markdown

TEXT = '''# Title {#top}

A paragraph with *emphasis*, **strong**, `code`, [a link](http://example.org "T"), <b>raw</b> & more.
A second line.

* one
* two
    * nested
1. first
2. second

> quoted
> text

    code block <x>

```python
print("fenced")
```

| a | b |
|---|--:|
| 1 | 2 |

Term
:   Definition

A note[^1]. HTML abbreviation.

*[HTML]: Hyper Text Markup Language
[^1]: The footnote.

![image](x.png) <http://auto.link> Setext
===
---
'''
print(markdown.markdown(TEXT))
print('----')
md = markdown.Markdown(extensions=['extra', 'toc', 'sane_lists', 'meta', 'admonition', 'nl2br', 'smarty'])
print(md.convert('title: Meta\nauthor: Me\n\n' + TEXT + '\n!!! note "Mind"\n    This -- "quoted"...\n'))
print(md.Meta, md.toc)
