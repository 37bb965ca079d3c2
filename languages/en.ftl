# What the pages say in English. A message that one file has, the other has to have too.

skip = Skip to content
search = Search
search-placeholder = Words, a code such as 3.OA.1, or an identifier
navigation = Site
frameworks = Frameworks
api = API
footer = Published with Casement over 1EdTech CASE 1.0 and 1.1.
language = Language
appearance = Appearance
appearance-auto = Automatic
appearance-light = Light
appearance-dark = Dark
request = Request
all-frameworks = All frameworks
private = Private

percent = { $number }%
date = { $month } { $day }, { $year }
moment = { $date }, { $time } UTC
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

items = { $count ->
    [one] { $shown } item
   *[other] { $shown } items
}
associations-count = { $count ->
    [one] { $shown } association
   *[other] { $shown } associations
}
changed = changed

## Errors

problem-sign-in = You have to sign in
problem-sign-in-advice = This is only for those who have an account here.
problem-forbidden = This is not for you
problem-forbidden-advice = Your account may not do this; whoever runs this server can let you.
problem-nothing = There is nothing here
problem-nothing-advice = The address may be mistyped, or what it named was never published here. Search for it, or begin with the list.
problem-form = Not in this form
problem-form-advice = This exists, but not in the form that was asked for.
problem-often = A little slower, please
problem-often-advice = There were too many requests from where you are. Wait a moment and try again.
problem-request = This cannot be answered
problem-request-advice = Something in the address or in what was sent does not fit.
problem-busy = Busy at the moment
problem-busy-advice = The server has too much to do. Try again in a moment.
problem-fault = Something went wrong
problem-fault-advice = It is our fault, and it is in the log. Try again later, or tell whoever runs this server the number below.

## Home

home-title = Competency frameworks
home-frameworks = { $count ->
    [one] { $shown } framework
   *[other] { $shown } frameworks
}
home-items = { $count ->
    [one] { $shown } item
   *[other] { $shown } items
}
home-try = Try
home-empty = Nothing is published here yet
home-empty-advice = Import a framework, and it appears here.
home-none = No framework has all of this
filters = Filter
filters-clear = Show all
facet-subject = Subject
facet-creator = Published by
facet-status = Status
facet-language = Language
facet-grade = Grade
programs = For programs
programs-text = Everything here is served over 1EdTech CASE, in both versions, without a key. Every object has a permanent address; add .json or .jsonld to get it as data.
programs-description = Description
programs-other = the other addresses

## Vocabularies

grade-IT = Infants
grade-PR = Preschool
grade-PK = Pre-K
grade-TK = Transitional K
grade-KG = K
grade-AS = Associate
grade-BA = Bachelor
grade-PB = Post-bachelor
grade-MD = Master
grade-PM = Post-master
grade-DO = Doctorate
grade-PD = Post-doctorate
grade-AE = Adult
grade-PT = Professional
grade-OT = Other
language-en = English
language-es = Spanish
language-fr = French
language-de = German
language-it = Italian
language-pt = Portuguese
language-nl = Dutch
language-no = Norwegian
language-nb = Norwegian
language-nn = Norwegian (Nynorsk)
language-sv = Swedish
language-da = Danish
language-fi = Finnish
language-ja = Japanese
language-zh = Chinese
language-ko = Korean
language-ar = Arabic
language-he = Hebrew
language-fa = Persian
language-ur = Urdu
language-ru = Russian
language-uk = Ukrainian
language-pl = Polish
language-tr = Turkish
language-vi = Vietnamese
language-ht = Haitian Creole

## Frameworks, items, search, comparison

path = Where this is
framework = Framework
version = Version { $version }
framework-retired = This framework is no longer in force. It stays here because others refer to it.
views = Views
tab-tree = Tree
tab-outline = Outline
tab-table = Table
tab-associations = Associations
tab-rubrics = Rubrics
tab-history = History
tab-crosswalks = Crosswalks
tree-filter = Find in this framework
tree-filter-do = Find
tree-levels = Levels
tree-arranged = Arranged by
tree-own = the framework itself
tree-cut = There is more than one page can show; open branches one by one.
tree-none = Nothing in this framework has these words
tree-empty = This framework has no items
tree-keys = Arrow keys move and open, * opens all siblings, letters jump, Enter goes to the page.
open-branch = Open { $name }
close-branch = Close { $name }
retired = Retired
loading = Loading …
loading-failed = This could not be loaded. Try again.
about = About
downloads = Download
print-view = To print or save as PDF
publisher = Publisher
in-force-from = In force from
in-force-until = In force until
licence = Licence
source = Official text
notes = Notes
addresses = Addresses
permalink = Permanent address
identifier = Identifier
copy = Copy
copied = Copied
code = Code
statement = Statement
type = Type
pages = Pages
previous = Previous
next = Next
all = All
association-ends = Leads to
ends-here = this framework
ends-elsewhere = others
crosswalks = Crosswalks
association-from = From
association-to = To
associations-none = There are no such associations
rubrics-none = There are no rubrics
criterion = Criterion
about-item = For
weight = Weight { $number }
score = Score { $number }
download-case-1-1 = CASE 1.1 (JSON)
download-case-1-0 = CASE 1.0 (JSON)
download-xlsx = Workbook (XLSX)
download-csv = CSV, everything
download-csv-opensalt = CSV for OpenSALT
download-csv-compeito = CSV for compeito
download-csv-opencase = CSV for OpenCASE
download-markdown = Outline (Markdown)
download-ctdl-asn = CTDL-ASN (JSON-LD)
search-problem = This cannot be searched for
search-late = the index is still catching up
search-corrected = Searched for
search-relaxed = Few have all of the words; what has most of them follows.
search-nothing = Nothing was found
search-nothing-advice = Use fewer or other words, take a filter away, or search by code.
search-help = What can be asked
search-more-here = All from this framework
search-next = More
search-group = Group by framework
search-ungroup = All in one list
search-under = Below one item
search-like = Like one item
remove = remove
facet-framework = Framework
facet-type = Item type
facet-kind = Kind
help-words = all words, in any form
help-phrase = just these words side by side
help-without = without a word
help-or = either
help-begins = what begins so
help-code = a code in any spelling
help-field = only of one grade; also type:, subject:, language:, status:, creator:
help-framework = only in frameworks with these words in the title
help-updated = by the time of the last change
kind-item = Items
kind-document = Frameworks
kind-criterion = Rubric criteria
kind-level = Rubric levels
class-CFDocument = Framework
class-CFItem = Item
class-CFAssociation = Association
class-CFRubric = Rubric
class-CFRubricCriterion = Rubric criterion
class-CFRubricCriterionLevel = Rubric level
class-CFAssociationGrouping = Association grouping
class-CFConcept = Concept
class-CFItemType = Item type
class-CFLicense = Licence
class-CFSubject = Subject
association-isChildOf = is child of
association-isChildOf-back = is parent of
association-isPeerOf = is peer of
association-isPeerOf-back = is peer of
association-isPartOf = is part of
association-isPartOf-back = has part
association-exactMatchOf = matches exactly
association-exactMatchOf-back = matches exactly
association-precedes = precedes
association-precedes-back = is preceded by
association-isRelatedTo = is related to
association-isRelatedTo-back = is related to
association-replacedBy = is replaced by
association-replacedBy-back = replaces
association-exemplar = has exemplar
association-exemplar-back = is exemplar of
association-hasSkillLevel = has skill level
association-hasSkillLevel-back = is skill level of
association-isTranslationOf = is translation of
association-isTranslationOf-back = is translation of
item-contains = Contains
item-siblings = Beside it
item-previous = Previous
item-next = Next
item-associations = Associations
item-properties = Properties
item-copy = Copy as
item-copy-advice = To name this item in a badge, a learner record, a course or a page.
item-history = Changes of the framework
item-rubrics = Rubric criteria that use it
item-like = Find what is like it
item-in-tree = Show in the tree
item-retired = No longer in force
item-retired-advice = It stays here because others refer to it.
item-replaced = In its place:
item-details = details
item-as-data = As data
item-package = whole package
last-change = Last change
uri = Address (uri)
property-CFItemType = Item type
property-educationLevel = Grade
property-abbreviatedStatement = Short form
property-alternativeLabel = Also called
property-conceptKeywords = Keywords
property-language = Language
property-subject = Subject
property-notes = Notes
property-creator = Creator
property-publisher = Publisher
property-description = Description
property-version = Version
property-adoptionStatus = Status
property-statusStartDate = In force from
property-statusEndDate = In force until
property-licenseURI = Licence
property-officialSourceURL = Official text
property-listEnumeration = Number in list
property-caseVersion = CASE version
property-frameworkType = Kind of framework
history-title = What changed, and when
history-revision = Edition { $number }
history-now = now
history-first = first edition
history-compare-previous = Compare with the one before
history-compare-now = Compare with now
history-compare-other = Compare with another framework
compare = Compare
compare-title = Comparison
compare-old = Old
compare-new = New
compare-added = Added
compare-removed = Removed
compare-reworded = Reworded
compare-moved = Moved
compare-changed = Other changes
compare-replaced = Same thing under another identifier: suggested replacedBy
compare-same = There is no difference
compare-unchanged = unchanged
compare-associations = Associations added or removed
compare-before = before
compare-after = after
compare-top = the top
compare-missing = An edition to compare is not here
compare-more = { $count ->
    [one] And { $shown } more.
   *[other] And { $shown } more.
}
crosswalk-title = Crosswalk
crosswalk-of = { $from } and { $to }
crosswalk-covered = { $number } covered
crosswalk-explained = An item is covered when it, or something above it, has an association with the other framework. Counted are items with nothing below them.
crosswalk-strand = Strand
crosswalk-map = How often the main branches are linked
crosswalk-links = Links
crosswalk-unmatched = Without a link
crosswalk-export = Download as CSV
crosswalk-none = There are no associations between the two
crosswalk-partners = Frameworks that this one has associations with
crosswalk-choose = Choose two frameworks
crosswalk-swap = The other way round
crosswalk-drawn = Links between main branches, drawn
more-items = { $count ->
    [one] { $shown } more
   *[other] { $shown } more
}
tree-hits = { $count ->
    [one] { $shown } item has these words.
   *[other] { $shown } items have these words.
}
search-total = { $count ->
    [one] { $shown } hit
   *[other] { $shown } hits
}
links-count = { $count ->
    [one] { $shown } link
   *[other] { $shown } links
}
history-added = { $count ->
    [one] { $shown } added
   *[other] { $shown } added
}
history-changed = { $count ->
    [one] { $shown } changed
   *[other] { $shown } changed
}
history-deleted = { $count ->
    [one] { $shown } deleted
   *[other] { $shown } deleted
}
compare-replaced-short = Replaceable
