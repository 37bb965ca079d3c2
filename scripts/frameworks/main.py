"""The command behind `build`: makes the packages in order, checks each, then writes or compares."""

import sys
from collections import Counter
from pathlib import Path

import ca_math_ccss
import casement_reference
import casement_reference_plain
import casepack
import ccss_math
import check
import esco_skill_groups_fr
import esco_transversal
import nice_2017
import onet_29_2

# In this order: a later framework may use an earlier one (the reference framework reuses a NICE item).
FRAMEWORKS = [nice_2017, onet_29_2, esco_transversal, esco_skill_groups_fr, ccss_math, ca_math_ccss,
              casement_reference, casement_reference_plain]
ROOT = Path(__file__).resolve().parents[2] / "frameworks"


def count(slug, package, size):
    kinds = Counter(made["associationType"] for made in package["CFAssociations"])
    definitions = {name: len(made) for name, made in package.get("CFDefinitions", {}).items()
                   if isinstance(made, list)}
    print(f"{slug}: {len(package['CFItems'])} items, {len(package['CFAssociations'])} associations, "
          f"{len(package.get('CFRubrics', []))} rubrics, {size} bytes")
    print("   " + ", ".join(f"{kind} {number}" for kind, number in kinds.most_common()))
    print("   " + ", ".join(f"{name} {number}" for name, number in definitions.items()))


def main(arguments):
    modes = [word for word in arguments if word.startswith("-")]
    if set(modes) - {"--check", "--count"}:
        sys.exit("usage: build [--check | --count] [SLUG...]")
    slugs = [word for word in arguments if not word.startswith("-")]
    known = [framework.SLUG for framework in FRAMEWORKS]
    for slug in slugs:
        if slug not in known:
            sys.exit(f"no framework is called {slug}; there are: {', '.join(known)}")

    built, failed = {}, False
    for framework in FRAMEWORKS:
        slug = framework.SLUG
        package = built[slug] = framework.build(ROOT, built)
        for problem in check.problems(package):
            print(f"{slug}: {problem}", file=sys.stderr)
            failed = True
        if slugs and slug not in slugs:
            continue
        data = casepack.render(package).encode()
        path = ROOT / slug / "package.json"
        if "--check" in modes:
            if not path.exists() or path.read_bytes() != data:
                print(f"{path.relative_to(ROOT.parent)} differs from what its source makes; "
                      f"run scripts/frameworks/build {slug}", file=sys.stderr)
                failed = True
        else:
            if "--count" not in modes:
                path.write_bytes(data)
            count(slug, package, len(data))
    sys.exit(1 if failed else 0)


main(sys.argv[1:])
