"""What other modules and the sites may use of cases."""

from linli.modules.cases import actions
from linli.modules.cases.duplicates import Neighbour, likely_duplicates, public_duplicates
from linli.modules.cases.figures import UnitFigures, unit_figures
from linli.modules.cases.intake import Contact, Report
from linli.modules.cases.models import LONGEST_TEXT, Case, Category, Channel, Grade
from linli.modules.cases.reads import (
    case_by_id,
    case_by_number,
    cases,
    categories,
    category_by_code,
    holds_receipt,
    public_case,
)
from linli.modules.cases.routing import Proposal, propose_handlers
from linli.modules.cases.rules import Verb
from linli.modules.cases.states import ENDED, FLOW, OPEN, STAGE_OF, STAGES, State

__all__ = [
    "ENDED", "FLOW", "LONGEST_TEXT", "OPEN", "STAGES", "STAGE_OF", "Case", "Category", "Channel",
    "Contact", "Grade", "Neighbour", "Proposal", "Report", "State", "UnitFigures", "Verb",
    "actions", "case_by_id", "case_by_number", "cases", "categories", "category_by_code",
    "holds_receipt", "likely_duplicates", "propose_handlers", "public_case", "public_duplicates",
    "unit_figures",
]  # fmt: skip
