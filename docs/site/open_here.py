"""What a lesson's page says about where it can be opened: JupyterLab, a devcontainer, a server.

Who publishes the site for a class may name two addresses, and gets links that one can click:

    make site HUB=https://hub.school.example REPOSITORY=https://git.school.example/tinyml.git
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
    hub, repository = os.environ.get("HUB", ""), os.environ.get("REPOSITORY", "")
    lines = [
        ":::{admonition} Open it here",
        ":class: tip open-here",
        "",
        "What you read is the solved lesson. The one to fill in opens in",
        "",
        f"- **JupyterLab** on your computer: `make lab`, then [{notebook}]({LAB}/{notebook}). Or "
        f"{{download}}`take the notebook <{learners}>` and open it where the course is installed.",
        f"- **A devcontainer**: {_in_a_container(repository)}, then open `notebooks/{notebook}`.",
        f"- **A server** of your school: {_on_a_server(hub, repository, notebook)}",
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


def _on_a_server(hub: str, repository: str, notebook: str) -> str:
    guide = " ([how a class gets one](../server.md))" if (ROOT / "docs/server.md").exists() else ""
    if hub and repository:
        name = repository.rstrip("/").rsplit("/", 1)[-1].removesuffix(".git")
        path = f"lab/tree/{name}/notebooks/{notebook}"
        query = urlencode({"repo": repository, "urlpath": path}, quote_via=quote)
        return f"[open it there]({hub.rstrip('/')}/hub/user-redirect/git-pull?{query}){guide}."
    return (
        f"log in, and open `notebooks/{notebook}` in the folder of the course{guide}. Behind a "
        f"JupyterHub's address that is `/hub/user-redirect/lab/tree/NAME/notebooks/{notebook}`; "
        "NAME is that folder."
    )
