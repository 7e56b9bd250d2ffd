"""Teaches papermill to give values to a notebook of the tslab kernel whose cell tagged `parameters` declares `const params = { … }`.

papermill finds this folder by PYTHONPATH: the entry point beside this file makes it import the module, which registers the translator.
"""

import json
import re

from papermill.engines import NBClientEngine
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators


class TslabTranslator(Translator):
    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        """An assignment to the object, which functions of earlier cells see too. TypeScript refuses a name or a kind that is not declared."""
        values = json.dumps(parameters, indent=2, ensure_ascii=False, default=str)
        return f"// {comment}\nvoid Object.assign(params, {values} satisfies Partial<typeof params>)\n"

    @classmethod
    def inspect(cls, parameters_cell):
        """The parameters that stand on lines of their own, for `papermill --help-notebook`, with the comments behind them."""
        lines = re.finditer(r"^\s*(\w+):\s*(.*?),?\s*(?://\s*(.*))?$", parameters_cell.source, re.MULTILINE)
        return [Parameter(name, "None", default, help or "") for name, default, help in (line.groups() for line in lines)]


papermill_translators.register("tslab", TslabTranslator)


class TslabEngine(NBClientEngine):
    """papermill's own way to run a notebook, unchanged; papermill imports this module because it is listed as an engine."""
