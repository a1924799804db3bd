"""Place names read otherwise than their characters usually are, where the dictionary errs.

After the place-name readings (地名) of 《现代汉语词典》 and local use.
"""

from __future__ import annotations

PLACES = {
    "会稽": ("kuài", "jī"),
    "单县": ("shàn", "xiàn"),
    "天台": ("tiān", "tāi"),
    "大埔": ("dà", "bù"),
    "黟县": ("yī", "xiàn"),
    "任县": ("rén", "xiàn"),
    "任丘": ("rén", "qiū"),
    "任城": ("rén", "chéng"),
    "百色": ("bǎi", "sè"),
    "繁峙": ("fán", "shì"),
    "筠连": ("jūn", "lián"),
    "华县": ("huà", "xiàn"),
    "华阴": ("huà", "yīn"),
    "华州": ("huà", "zhōu"),
    "洪洞": ("hóng", "tóng"),
    "解州": ("hài", "zhōu"),
    "六合": ("lù", "hé"),
    "曲阜": ("qū", "fù"),
    "漯河": ("luò", "hé"),
    "长垣": ("cháng", "yuán"),
    "浚县": ("xùn", "xiàn"),
    "宕昌": ("tàn", "chāng"),
    "栎阳": ("yuè", "yáng"),
    "珲春": ("hún", "chūn"),
    "涡阳": ("guō", "yáng"),
    "句容": ("jù", "róng"),
    "蚌埠": ("bèng", "bù"),
    "浒山": ("hǔ", "shān"),
}
