"""What can be touched: a board on the desk, and explorers for the lessons.

    from tinyml_course.live.panel import BoardPanel
    BoardPanel("motion", "wio_terminal")        # in a notebook

    board       `LiveBoard`: a virtual board that runs at the pace of the clock, in its own thread
    panel       the same as a widget
    page        the same as a page of its own: `tinyml play`
    explorers   one idea each, to move with sliders

Controls only: what is computed is computed in the other rooms.
"""
