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
