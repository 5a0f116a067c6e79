"""``python -m bench``: the bench without the rest of the command line."""

import argparse

from bench.run import PEERS, RUNS, SIZES, TASKS, run

parser = argparse.ArgumentParser(prog="bench", description="Our searches beside other engines.")
parser.add_argument("tasks", nargs="*", help=f"of {', '.join(TASKS)}; none means both")
parser.add_argument("--json", action="store_true", dest="as_json")
parser.add_argument("--sizes", type=lambda text: text.split(","), default=SIZES)
parser.add_argument("--peers", type=lambda text: text.split(","), default=PEERS)
parser.add_argument("--runs", type=int, default=RUNS)
parser.add_argument("--threads", type=int)
parser.add_argument("--database-url")

if __name__ == "__main__":
    run(**vars(parser.parse_args()))
