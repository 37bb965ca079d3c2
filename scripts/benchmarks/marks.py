"""What is to be reached, and whether it was."""


class Marks:
    """Prints each figure beside its mark, and counts."""

    def __init__(self):
        self.missed = []

    def at_least(self, what, value, mark, shown=None):
        self.show(what, shown or f"{value:.2f}", f"at least {mark}", value >= mark)

    def at_most(self, what, value, mark, shown=None, unit=""):
        self.show(what, shown or f"{value:.2f}{unit}", f"at most {mark}{unit}", value <= mark)

    def show(self, what, shown, mark, is_met):
        print(f"  {what:58} {shown:>16}   {mark:18} {'met' if is_met else 'MISSED'}", flush=True)
        if not is_met:
            self.missed.append(what)

    def sum_up(self):
        if self.missed:
            print(f"\n{len(self.missed)} missed: " + "; ".join(self.missed))
