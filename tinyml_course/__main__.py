"""`python -m tinyml_course` is the `tinyml` command, where scripts are not on the path."""

import sys

from tinyml_course.cli import main

sys.exit(main())
