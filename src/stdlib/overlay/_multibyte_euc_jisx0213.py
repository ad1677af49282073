# The characters of euc_jisx0213: those of euc_jis_2004 less what the later standard added.

import _multibyte_euc_jis_2004 as _later

NEW = "俱剝𠮟吞噓姸屛幷瘦繫"


def _older(rows):
    table = str.maketrans(NEW + "鬜", "\ufffd" * len(NEW) + "鬝")
    return {lead: (first, row.translate(table)) for lead, (first, row) in rows.items()}


ASCII = 128
SINGLE = {}
TWO = _older(_later.TWO)
PLANE = _older(_later.PLANE)
THREE = {**_later.THREE, **PLANE}
FOUR = []
COMBINED = _later.COMBINED
ENCODED = {}
NOT_ENCODED = "瘦繫鬜"
