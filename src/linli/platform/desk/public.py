"""What modules describe their desk with."""

from linli.platform.desk.cells import Reader, badge, due, text
from linli.platform.desk.columns import (
    Badge,
    Chosen,
    Column,
    Day,
    Due,
    Grouped,
    Lookup,
    Masked,
    Moment,
    Number,
)
from linli.platform.desk.columns import YesNo as YesNoColumn
from linli.platform.desk.details import Fact, Facts, Files, Part, Template, Timeline
from linli.platform.desk.doing import Action, ActionForm, Doing, Many
from linli.platform.desk.figures import Figure, home_figures
from linli.platform.desk.filters import (
    Choice,
    Exactly,
    Filter,
    Mine,
    Overdue,
    Period,
    Within,
    YesNo,
)
from linli.platform.desk.finding import Found, finds
from linli.platform.desk.forms import ReasonForm
from linli.platform.desk.menus import Entry as MenuEntry
from linli.platform.desk.menus import menu_entry
from linli.platform.desk.register import Empty, Menu, Register, View, register, registers

__all__ = [
    "Action",
    "ActionForm",
    "Badge",
    "Choice",
    "Chosen",
    "Column",
    "Day",
    "Doing",
    "Due",
    "Empty",
    "Exactly",
    "Fact",
    "Facts",
    "Figure",
    "Files",
    "Filter",
    "Found",
    "Grouped",
    "Lookup",
    "Many",
    "Masked",
    "Menu",
    "MenuEntry",
    "Mine",
    "Moment",
    "Number",
    "Overdue",
    "Part",
    "Period",
    "Reader",
    "ReasonForm",
    "Register",
    "Template",
    "Timeline",
    "View",
    "Within",
    "YesNo",
    "YesNoColumn",
    "badge",
    "due",
    "finds",
    "home_figures",
    "menu_entry",
    "register",
    "registers",
    "text",
]  # fmt: skip
