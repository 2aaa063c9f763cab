"""What a lesson's page says about where it can be opened: JupyterLab, a devcontainer, a server.

Who publishes the site for a class may name addresses, and gets links that one can click: the hub
and the repository of the class's lessons, as docs/server.md has them, and that of the course.

    make site HUB=https://hub.school.example CLASS=https://git.school.example/class
    make site REPOSITORY=https://git.school.example/tinyml.git
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote, urlencode

ROOT = Path(__file__).parents[2]
LAB = "http://localhost:8888/lab/tree"


def render_open_here(lesson: str, learners: str) -> str:
    """The box below a lesson's title, in MyST.

    Args:
        lesson: such as "04_quantization".
        learners: where the site has the notebook that a learner fills in.
    """
    notebook = f"{lesson}.ipynb"
    hub, lessons, repository = (os.environ.get(n, "") for n in ("HUB", "CLASS", "REPOSITORY"))
    lines = [
        ":::{admonition} Open it here",
        ":class: tip open-here",
        "",
        "What you read is the solved lesson. The one to fill in opens in",
        "",
        f"- **JupyterLab** on your computer: `make lab`, then [{notebook}]({LAB}/{notebook}). Or "
        f"{{download}}`take the notebook <{learners}>` and open it where the course is installed.",
        f"- **A devcontainer**: {_in_a_container(repository)}, then open `notebooks/{notebook}`.",
        f"- **A server** of your school: {_on_a_server(hub, lessons, notebook)}",
        "",
        ":::",
    ]
    return "\n".join(lines)


def _in_a_container(repository: str) -> str:
    if repository:
        clone = "vscode://ms-vscode-remote.remote-containers/cloneInVolume?" + urlencode(
            {"url": repository}
        )
        return f"[clone it into one](https://vscode.dev/redirect?{urlencode({'url': clone})})"
    if (ROOT / ".devcontainer" / "devcontainer.json").exists():
        return 'open the folder of the course in VS Code and choose "Reopen in Container"'
    return (
        "in any that has Python 3.11 to 3.13 and `make`, run `make setup` in the folder of the "
        "course, choose `.venv` as the kernel"
    )


def _on_a_server(hub: str, lessons: str, notebook: str) -> str:
    if hub and lessons:
        folder = lessons.rstrip("/").rsplit("/", 1)[-1].removesuffix(".git")
        asked = {"repo": lessons, "branch": "main", "urlpath": f"lab/tree/{folder}/{notebook}"}
        pull = f"{hub.rstrip('/')}/hub/user-redirect/git-pull?{urlencode(asked, quote_via=quote)}"
        return f"[open it there]({pull}) ([how a class gets one](../server.md))."
    return (
        f"log in, and open `{notebook}` in the folder of the lessons, or follow your teacher's "
        "link ([how a class gets a server](../server.md))."
    )
