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

## Accounts

sign-in = Sign in
sign-in-wrong = This name and this password do not belong together, or the account is disabled.
sign-in-wait = { $count ->
    [one] That was tried too often. Wait { $shown } second.
   *[other] That was tried too often. Wait { $shown } seconds.
}
sign-in-nobody = Nobody has an account here yet. The address for the first one was printed when the server started; or, on the server:
sign-in-help = Accounts are given out by whoever runs this server, who can also give you another password.
sign-in-provider = Sign in with { $name }
sign-in-provider-failed = Signing in there did not work; try again, or ask whoever runs this server.
sign-in-provider-nobody = You are known there, but have no account here; ask whoever runs this server.
sign-out = Sign out
sign-out-everywhere = Sign out everywhere
set-up = The first account
set-up-lead = It may do everything, and make accounts for others.
set-up-token = Set-up token
set-up-token-help = It stands at the end of the address that was printed when the server started.
set-up-wrong = This is not the set-up token that the server printed when it started.
set-up-do = Make the account
account = Account
user-name = Name
user-name-help = Up to 64 letters, digits and . _ @ + -, such as an e-mail address.
password = Password
password-help = At least 12 characters; a few words that do not belong together are good.
password-old = Present password
password-new = New password
password-again = New password again
password-change = Change password
password-change-help = Wherever else you are signed in, you will be signed out.
password-changed = Your password is changed.
password-differs = The two new passwords are not the same.
password-wrong = The present password is not right.
password-made = the password below is shown this once only. Give it to them in a safe way.
role = Role
role-reader = Reader: sees private frameworks
role-editor = Editor: changes frameworks
role-admin = Admin: manages the server
reach = Good for
reach-some = Only these frameworks
reach-nothing = Choose the frameworks, or all of them.
state = State
sessions = Where you are signed in
session-browser = Browser
session-since = Since
session-seen = Last used
session-this = this one
session-unknown = Unknown
session-end = Sign out
tokens = Tokens
tokens-lead = Programs come with a token in the header Authorization: Bearer.
tokens-none = There are no tokens yet.
token-new = Make a token
token-name = Name
token-no-name = Say who or what the token is for.
token-ends = Ends
token-endless = Never
token-made = the token below is shown this once only.
token-valid = Valid
token-expired = Expired
token-revoked = Revoked
token-revoke = Revoke
days = { $count ->
    [one] After { $shown } day
   *[other] After { $shown } days
}
users = Users
user-new = Add a user
user-enabled = Enabled
user-disabled = Disabled
user-disabled-text = This account is disabled.
user-foreign = Signs in elsewhere
user-foreign-role = This person signs in at an identity provider; where the provider says a role, it is taken over at the next sign-in.
user-role-do = Change the role
user-access = Access
user-access-help = Whichever it is, they are signed out everywhere at once.
user-password-do = Make a new password
user-disable-do = Disable the account
user-enable-do = Enable the account
audit = Who changed what
audit-when = When
audit-who = Who
audit-what = What
audit-any = Anything
audit-framework = Framework
audit-since = From
audit-until = To
audit-show = Show
audit-object = Object
audit-revision = Revision
audit-from = Address
audit-none = Nothing was recorded
audit-older = Older ones

## Importing

import = Import
import-lead = Send a spreadsheet or a framework, see how it is read and what it would change, and apply it when it is right. Nothing is changed before.
import-file = Choose a file, or drop it here
import-file-help = Spreadsheets (XLSX, XLS, ODS, CSV) and frameworks (CASE, CTDL-ASN, ASN, Common Standards), also packed with gzip.
import-most = At most { $size } MB.
import-url = Fetch it from an address instead
import-url-label = Address
import-url-help = One framework of another CASE server, or a file.
import-send = Read it
imports = Imports
imports-none = There are none yet.
import-file-name = File
import-by = By
import-state-reading = being read
import-state-failed = not understood
import-state-planned = to be looked at
import-state-applied = applied
import-state-undone = undone
import-waiting = Waiting for its turn
import-reading = Reading the file
import-building = Making frameworks of it
import-comparing = Comparing with what is stored
import-rows = rows read
import-safe = You can close this page and come back; the import goes on.
import-look-again = Look again
import-failed = Nothing can be imported of it like this.
import-failed-columns = Say what the columns mean, and it is read again.
import-applied = It is applied.
import-undo = Undo it
import-undone = It is undone: everything is as it was before.
import-ready = Nothing is changed yet. If this is right, apply it.
import-same = Everything in the file is stored already; there is nothing to change.
import-conflict = Some objects in the file belong to other frameworks. Take them over below, or correct the file.
import-apply = Apply
import-discard = Discard
import-options = How it is imported
import-columns = How the columns are read
import-columns-help = Where a column is not what you mean, choose another meaning and read it again.
import-profile = The layout is known: { $name }.
import-unsure = not sure
import-hierarchy = How the hierarchy is written
import-framework = Framework that it updates
import-found = As found
import-title = Title, if the sheet has none
import-delimiter = Between columns
import-encoding = Encoding
import-missing = What is stored and not in the file
import-delete = Delete it
import-retire = Mark it as retired from today on
import-move = Take over objects that belong to other frameworks
import-plan = Read it again
import-new = new
import-update = update
import-problems = Problems
import-place = Where
import-stood = What stands there
import-became = What became of it
import-changed = Changed
import-not-there = Stored and not in the file
import-not-there-kept = This stays as it is.
import-not-there-deleted = This will be deleted.
import-conflicts = Belongs to other frameworks
import-tree = What it looks like
import-tree-more = { $count ->
    [one] and { $shown } more item
   *[other] and { $shown } more items
}
import-remarks = What was assumed
import-truncated = Only the first 100 of each kind are shown.
tree-added = new
tree-changed = changed
rows = { $count ->
    [one] { $shown } row
   *[other] { $shown } rows
}
count-added = { $count ->
   *[other] { $shown } added
}
count-changed = { $count ->
   *[other] { $shown } changed
}
count-moved = { $count ->
   *[other] { $shown } moved
}
count-unchanged = { $count ->
   *[other] { $shown } unchanged
}
count-missing = { $count ->
   *[other] { $shown } not in the file
}
fields-found = As found
fields-item = Item
fields-place = Where it stands
fields-link = Links to others
fields-framework = Framework
field-ignored = — not read —
field-fullStatement = Statement
field-humanCodingScheme = Code
field-abbreviatedStatement = Short statement
field-cfItemType = Type
field-educationLevel = Grades
field-educationLevelFrom = Grades from
field-educationLevelTo = Grades to
field-subject = Subject
field-conceptKeywords = Keywords
field-notes = Notes
field-alternativeLabel = Alternative label
field-listEnumeration = Numbering
field-language = Language
field-license = Licence
field-statusStartDate = Valid from
field-statusEndDate = Valid until
field-identifier = Identifier
field-uri = Address (uri)
field-sequenceNumber = Position
field-parentCode = Code of the parent
field-parentIdentifier = Identifier of the parent
field-parentStatement = Statement of the parent
field-smartLevel = Outline number (1.2.1)
field-level = Level as a number
field-levelColumn = { $count ->
   *[other] Statement on level { $shown }
}
field-levelCode = { $count ->
   *[other] Code on level { $shown }
}
field-association-isRelatedTo = Is related to
field-association-isPeerOf = Is a peer of
field-association-exactMatchOf = Is an exact match of
field-association-isPartOf = Is part of
field-association-precedes = Precedes
field-association-replacedBy = Is replaced by
field-document-title = Title of the framework
field-document-identifier = Identifier of the framework
field-document-creator = Creator of the framework
field-document-description = Description of the framework
hierarchy-flat = Flat: nothing stands under anything
hierarchy-parentCode = By the code of the parent
hierarchy-parentIdentifier = By the identifier of the parent
hierarchy-parentStatement = By the statement of the parent
hierarchy-codePrefix = By the codes themselves (A.B over A.B.1)
hierarchy-level = By a level number
hierarchy-smartLevel = By an outline number
hierarchy-indentation = By indentation
hierarchy-levelColumns = By a column for each level
hierarchy-levelColumnsFilled = By a column for each level, filled in every row
hierarchy-itemType = By the types of the items
hierarchy-outline = By outline numbers in the codes
hierarchy-associations = By association rows

## Aligning, and jobs against records

align = Align a text, a badge or a job
align-short = Align
align-home = Align a text, a badge or a job
align-lead = Paste or drop something, and see which items of frameworks it is about. Accept what is right, and take the result with you.
align-paste = Paste it here
align-paste-help = A text, a badge (Open Badges 2 or 3), a learner record (CLR), or a job posting, as text or as JSON.
align-most = { $count ->
   *[other] Of a text, up to { $shown } sentences.
}
align-kind = What it is
align-kind-found = Found out by looking at it
align-frameworks = Which frameworks
align-frameworks-help = Choose none to look through all of them.
align-do = Align it
align-again = Align again
align-other = Begin with another
align-private = Nothing of it is stored or logged here.
pasted-text = A text
pasted-credential = A badge or a record
pasted-job = A job posting
align-found = What it is about
align-segments = { $count ->
    [one] { $shown } part
   *[other] { $shown } parts
}
semantic-on = words and meanings compared
semantic-off = only words compared, since there is no language model here
semantic-pending = only words compared, since meanings are still being computed
align-existing = What it is aligned to already
align-unresolved = { $count ->
    [one] { $shown } alignment means nothing here.
   *[other] { $shown } alignments mean nothing here.
}
align-none = Nothing here fits
align-none-advice = None of the frameworks has an item that this is clearly about. Choose others, or say it in other words.
align-text = The text
align-candidates = What fits
align-help = Tick what is right. What is likely right is ticked already.
align-keys = Arrow keys go up and down, A accepts, R rejects.
align-signed-part = This part is signed.
align-nothing-here = Nothing here fits well enough.
align-far = { $count ->
    [one] { $shown } more that is not likely
   *[other] { $shown } more that are not likely
}
align-covered = says { $share } of it
align-aside = { $count ->
    [one] { $shown } more that is no competency
   *[other] { $shown } more that are no competencies
}
align-accepted = { $number } accepted
align-signed = Parts of it are signed; one more alignment would break the signature.
align-signed-keep = Leave signed parts alone, and give me their alignments beside
align-signed-remove = Put everything in, and remove the signatures that this breaks
align-format = Write alignments for
align-finish = Show the result
align-download = Download
align-done = The finished document
align-done-snippets = The alignments
align-unchanged = Nothing was put in; it is just as it came.
align-added = { $count ->
    [one] { $shown } alignment was put in, and everything else is just as it came.
   *[other] { $shown } alignments were put in, and everything else is just as it came.
}
align-snippets-lead = Put them where the document names what it is about.
align-unsigned = It has lost its signature, and has to be signed again.
align-beside = Alignments of signed parts
align-beside-advice = Whoever issues it can put them in at these places before signing.
align-back = Your browser leads back to what you accepted.
align-nothing-accepted = Nothing was accepted. Tick what is right first.
paste-empty = There is nothing to align. Paste a text or choose a file.
paste-both = Paste it or choose a file, but not both.
paste-large = This is too large for this page. Send a part of it, or use the API.
paste-encoding = This cannot be read as text. Save it as UTF-8 and send it again.
paste-cut = It did not arrive whole. Send it again.
paste-unread = This cannot be aligned as it is.
sureness = { $word }, { $share }
sure-almost-certain = almost certain
sure-likely = likely
sure-possible = possible
sure-doubtful = doubtful
sure-unlikely = unlikely
method-feedback = somebody said so
method-code = its code stands there
method-reference = it is named there
method-name = it is called the same
method-level = a level of a rubric says the same
method-semantic = words and meaning are alike
method-lexical = words are alike
class-skill = a skill
class-knowledge = knowledge
class-task = a task
class-experience = experience
class-credential = a licence or certificate
class-education = schooling
class-condition = a condition of work
class-boilerplate = about the employer or the posting
importance-required = required
importance-preferred = welcome
match = A job against a record
match-home = Hold a job against a record
match-instead = Hold a job against a learner’s record instead
match-lead = What somebody has shown, beside what a job asks for: requirement by requirement, with the way from one to the other.
match-required = What is asked for
match-job = Paste a job posting
match-job-file = Or choose a file
match-framework = Or take everything in a framework
match-no-framework = None
match-shown = What was shown
match-record = Paste a record or a badge
match-record-file = Choose files, or drop them here
match-do = Compare
match-unverified = Signatures are not checked.
match-found = What is met
match-requirements = Requirements
match-met = met
match-partly = partly
match-missing = missing
match-unaligned = cannot be told
match-achievements = { $count ->
    [one] { $shown } achievement counts
   *[other] { $shown } achievements count
}
match-withheld = { $count ->
    [one] { $shown } does not count
   *[other] { $shown } do not count
}
match-withheld-which = Which do not count, and why
match-nothing = Nothing is asked for
match-nothing-advice = No requirement was found in it.
match-unknown = Nothing here is known to be what it is about.
match-no-competency = Not a competency, and so not compared.
match-item = item
match-more = { $count ->
    [one] { $shown } other achievement
   *[other] { $shown } other achievements
}
match-way = The way from the requirement to the achievement
match-unnamed = An achievement without a name
match-ancestor = something above it
match-descendant = something below it
match-alignment = the achievement is aligned to it
match-text = the achievement is called the same
match-by-name = the achievement is called so
match-by-code = the achievement has its code
match-by-semantic = the achievement says about the same
match-by-lexical = the achievement has the same words
match-link-replacedBy = an edition before or after
match-link-precedes = what comes later
match-link-isPartOf = part of the same
match-both = Give a job or choose a framework, but not both.
match-no-job = Say what is asked for: give a job or choose a framework.
match-no-record = Give a record, a badge, or several.
match-record-json = The record cannot be read as JSON.
match-unread = The two cannot be compared as they are.
