"""Licence words that more than one framework shows."""

CC_BY_4 = (
    "Licensed under the Creative Commons Attribution 4.0 International License. You may share and adapt "
    "the material for any purpose, also commercially, if you give appropriate credit, link to the licence "
    "and say whether changes were made. Full text: https://creativecommons.org/licenses/by/4.0/legalcode")

ESCO = (
    "This service uses the ESCO classification of the European Commission.\n\n"
    "Reuse is allowed under Commission Decision 2011/833/EU, provided the source is acknowledged and "
    "modified or adapted versions are marked as such. This is an adapted version: a part of ESCO, converted "
    "to the CASE format.\n\n"
    "Source: https://esco.ec.europa.eu/")

CCSS = (
    "The statements of the Common Core State Standards are used under the Common Core State Standards Public "
    "License, which grants a limited, non-exclusive, royalty-free licence to copy, publish, distribute and "
    "display them for purposes that support the Common Core State Standards Initiative. NGA Center and CCSSO "
    "are the sole owners and developers of the Common Core State Standards.\n\n"
    "© Copyright 2010. National Governors Association Center for Best Practices and Council of Chief State "
    "School Officers. All rights reserved.\n\n"
    "They are provided as-is and with all faults, without any warranty. "
    "Full text of the licence: https://corestandards.org/public-license/")
