# Lo que dicen las páginas en español. Un mensaje que está en un archivo tiene que estar en el otro.

skip = Ir al contenido
search = Buscar
search-placeholder = Palabras, un código como 3.OA.1 o un identificador
navigation = Sitio
frameworks = Marcos
api = API
footer = Publicado con Casement mediante 1EdTech CASE 1.0 y 1.1.
language = Idioma
appearance = Apariencia
appearance-auto = Automática
appearance-light = Clara
appearance-dark = Oscura
request = Solicitud
all-frameworks = Todos los marcos
private = Privado

percent = { $number } %
date = { $day } de { $month } de { $year }
moment = { $date }, { $time } UTC
month-1 = enero
month-2 = febrero
month-3 = marzo
month-4 = abril
month-5 = mayo
month-6 = junio
month-7 = julio
month-8 = agosto
month-9 = septiembre
month-10 = octubre
month-11 = noviembre
month-12 = diciembre

items = { $count ->
    [one] { $shown } elemento
   *[other] { $shown } elementos
}
associations-count = { $count ->
    [one] { $shown } asociación
   *[other] { $shown } asociaciones
}
changed = modificado el

## Errores

problem-sign-in = Hay que iniciar sesión
problem-sign-in-advice = Esto es solo para quienes tienen una cuenta aquí.
problem-forbidden = No tiene permiso
problem-forbidden-advice = Su cuenta no puede hacer esto; quien administra el servidor puede permitírselo.
problem-nothing = Aquí no hay nada
problem-nothing-advice = Puede que la dirección tenga un error o que lo que nombra nunca se haya publicado aquí. Búsquelo o empiece por la lista.
problem-form = No en esta forma
problem-form-advice = Esto existe, pero no en la forma que se pidió.
problem-often = Un poco más despacio, por favor
problem-often-advice = Hubo demasiadas solicitudes desde su dirección. Espere un momento e inténtelo de nuevo.
problem-request = No se puede responder
problem-request-advice = Algo en la dirección o en lo que se envió no encaja.
problem-busy = Ocupado en este momento
problem-busy-advice = El servidor tiene demasiado trabajo. Inténtelo de nuevo en un momento.
problem-fault = Algo salió mal
problem-fault-advice = Es culpa nuestra y está en el registro. Inténtelo más tarde o comunique el número de abajo a quien administra el servidor.

## Inicio

home-title = Marcos de competencias
home-frameworks = { $count ->
    [one] { $shown } marco
   *[other] { $shown } marcos
}
home-items = { $count ->
    [one] { $shown } elemento
   *[other] { $shown } elementos
}
home-try = Pruebe
home-empty = Todavía no se ha publicado nada
home-empty-advice = Importe un marco y aparecerá aquí.
home-none = Ningún marco cumple todo esto
filters = Filtrar
filters-clear = Mostrar todo
facet-subject = Materia
facet-creator = Publicado por
facet-status = Estado
facet-language = Idioma
facet-grade = Grado
programs = Para programas
programs-text = Todo se ofrece mediante 1EdTech CASE, en ambas versiones y sin clave. Cada objeto tiene una dirección permanente; añada .json o .jsonld para obtenerlo como datos.
programs-description = Descripción
programs-other = las demás direcciones

## Vocabularios

grade-IT = Primera infancia
grade-PR = Preescolar
grade-PK = Pre-K
grade-TK = K de transición
grade-KG = K
grade-AS = Grado asociado
grade-BA = Licenciatura
grade-PB = Poslicenciatura
grade-MD = Maestría
grade-PM = Posmaestría
grade-DO = Doctorado
grade-PD = Posdoctorado
grade-AE = Adultos
grade-PT = Profesional
grade-OT = Otro
language-en = inglés
language-es = español
language-fr = francés
language-de = alemán
language-it = italiano
language-pt = portugués
language-nl = neerlandés
language-no = noruego
language-nb = noruego
language-nn = noruego (nynorsk)
language-sv = sueco
language-da = danés
language-fi = finés
language-ja = japonés
language-zh = chino
language-ko = coreano
language-ar = árabe
language-he = hebreo
language-fa = persa
language-ur = urdu
language-ru = ruso
language-uk = ucraniano
language-pl = polaco
language-tr = turco
language-vi = vietnamita
language-ht = criollo haitiano

## Marcos, elementos, búsqueda, comparación

path = Dónde está
framework = Marco
version = Versión { $version }
framework-retired = Este marco ya no está vigente. Se conserva porque otros se refieren a él.
views = Vistas
tab-tree = Árbol
tab-outline = Esquema
tab-table = Tabla
tab-associations = Asociaciones
tab-rubrics = Rúbricas
tab-history = Historial
tab-crosswalks = Correspondencias
tree-filter = Buscar en este marco
tree-filter-do = Buscar
tree-levels = Niveles
tree-arranged = Ordenado según
tree-own = el propio marco
tree-cut = Hay más de lo que cabe en una página; abra las ramas una por una.
tree-none = Nada en este marco contiene estas palabras
tree-empty = Este marco no tiene elementos
tree-keys = Las flechas mueven y abren, * abre todos los hermanos, las letras saltan, Intro va a la página.
open-branch = Abrir { $name }
close-branch = Cerrar { $name }
retired = Retirado
loading = Cargando …
loading-failed = No se pudo cargar. Inténtelo de nuevo.
about = Acerca de
downloads = Descargar
print-view = Para imprimir o guardar como PDF
publisher = Editor
in-force-from = Vigente desde
in-force-until = Vigente hasta
licence = Licencia
source = Texto oficial
notes = Notas
addresses = Direcciones
permalink = Dirección permanente
identifier = Identificador
copy = Copiar
copied = Copiado
code = Código
statement = Enunciado
type = Tipo
pages = Páginas
previous = Anterior
next = Siguiente
all = Todas
association-ends = Lleva a
ends-here = este marco
ends-elsewhere = otros
crosswalks = Correspondencias
association-from = De
association-to = A
associations-none = No hay tales asociaciones
rubrics-none = No hay rúbricas
criterion = Criterio
about-item = Para
weight = Peso { $number }
score = Puntuación { $number }
download-case-1-1 = CASE 1.1 (JSON)
download-case-1-0 = CASE 1.0 (JSON)
download-xlsx = Libro de cálculo (XLSX)
download-csv = CSV, todo
download-csv-opensalt = CSV para OpenSALT
download-csv-compeito = CSV para compeito
download-csv-opencase = CSV para OpenCASE
download-markdown = Esquema (Markdown)
download-ctdl-asn = CTDL-ASN (JSON-LD)
search-problem = Esto no se puede buscar
search-late = el índice todavía se está actualizando
search-corrected = Se buscó
search-relaxed = Pocos contienen todas las palabras; siguen los que contienen la mayoría.
search-nothing = No se encontró nada
search-nothing-advice = Use menos palabras u otras, quite un filtro o busque por código.
search-help = Qué se puede preguntar
search-more-here = Todo lo de este marco
search-next = Más
search-group = Agrupar por marco
search-ungroup = Todo en una lista
search-under = Bajo un elemento
search-like = Parecido a un elemento
remove = quitar
facet-framework = Marco
facet-type = Tipo de elemento
facet-kind = Clase
help-words = todas las palabras, en cualquier forma
help-phrase = exactamente estas palabras juntas
help-without = sin una palabra
help-or = cualquiera de las dos
help-begins = lo que empieza así
help-code = un código, escrito de cualquier modo
help-field = solo de un grado; también type:, subject:, language:, status:, creator:
help-framework = solo en marcos con estas palabras en el título
help-updated = según la fecha del último cambio
kind-item = Elementos
kind-document = Marcos
kind-criterion = Criterios de rúbrica
kind-level = Niveles de rúbrica
class-CFDocument = Marco
class-CFItem = Elemento
class-CFAssociation = Asociación
class-CFRubric = Rúbrica
class-CFRubricCriterion = Criterio de rúbrica
class-CFRubricCriterionLevel = Nivel de rúbrica
class-CFAssociationGrouping = Grupo de asociaciones
class-CFConcept = Concepto
class-CFItemType = Tipo de elemento
class-CFLicense = Licencia
class-CFSubject = Materia
association-isChildOf = es hijo de
association-isChildOf-back = es padre de
association-isPeerOf = es par de
association-isPeerOf-back = es par de
association-isPartOf = es parte de
association-isPartOf-back = tiene como parte
association-exactMatchOf = coincide exactamente con
association-exactMatchOf-back = coincide exactamente con
association-precedes = precede a
association-precedes-back = va después de
association-isRelatedTo = se relaciona con
association-isRelatedTo-back = se relaciona con
association-replacedBy = se reemplaza por
association-replacedBy-back = reemplaza a
association-exemplar = tiene como ejemplo
association-exemplar-back = es ejemplo de
association-hasSkillLevel = tiene el nivel
association-hasSkillLevel-back = es nivel de
association-isTranslationOf = es traducción de
association-isTranslationOf-back = es traducción de
item-contains = Contiene
item-siblings = Junto a él
item-previous = Anterior
item-next = Siguiente
item-associations = Asociaciones
item-properties = Propiedades
item-copy = Copiar como
item-copy-advice = Para nombrar este elemento en una insignia, un expediente, un curso o una página.
item-history = Cambios del marco
item-rubrics = Criterios de rúbrica que lo usan
item-like = Buscar lo parecido
item-in-tree = Mostrar en el árbol
item-retired = Ya no está vigente
item-retired-advice = Se conserva porque otros se refieren a él.
item-replaced = En su lugar:
item-details = detalles
item-as-data = Como datos
item-package = paquete completo
last-change = Último cambio
uri = Dirección (uri)
property-CFItemType = Tipo de elemento
property-educationLevel = Grado
property-abbreviatedStatement = Forma breve
property-alternativeLabel = También llamado
property-conceptKeywords = Palabras clave
property-language = Idioma
property-subject = Materia
property-notes = Notas
property-creator = Autor
property-publisher = Editor
property-description = Descripción
property-version = Versión
property-adoptionStatus = Estado
property-statusStartDate = Vigente desde
property-statusEndDate = Vigente hasta
property-licenseURI = Licencia
property-officialSourceURL = Texto oficial
property-listEnumeration = Número en la lista
property-caseVersion = Versión de CASE
property-frameworkType = Clase de marco
history-title = Qué cambió y cuándo
history-revision = Edición { $number }
history-now = actual
history-first = primera edición
history-compare-previous = Comparar con la anterior
history-compare-now = Comparar con la actual
history-compare-other = Comparar con otro marco
compare = Comparar
compare-title = Comparación
compare-old = Antes
compare-new = Después
compare-added = Añadidos
compare-removed = Quitados
compare-reworded = Con otra redacción
compare-moved = Movidos
compare-changed = Otros cambios
compare-replaced = Lo mismo con otro identificador: replacedBy propuesto
compare-same = No hay ninguna diferencia
compare-unchanged = sin cambios
compare-associations = Asociaciones añadidas o quitadas
compare-before = antes
compare-after = después
compare-top = lo más alto
compare-missing = Falta una edición que comparar
compare-more = { $count ->
    [one] Y { $shown } más.
   *[other] Y { $shown } más.
}
crosswalk-title = Correspondencia
crosswalk-of = { $from } y { $to }
crosswalk-covered = { $number } cubierto
crosswalk-explained = Un elemento está cubierto cuando él, o algo por encima de él, tiene una asociación con el otro marco. Se cuentan los elementos que no tienen nada debajo.
crosswalk-strand = Rama
crosswalk-map = Con qué frecuencia se enlazan las ramas principales
crosswalk-links = Enlaces
crosswalk-unmatched = Sin enlace
crosswalk-export = Descargar como CSV
crosswalk-none = No hay asociaciones entre los dos
crosswalk-partners = Marcos con los que este tiene asociaciones
crosswalk-choose = Elija dos marcos
crosswalk-swap = Al revés
crosswalk-drawn = Enlaces entre ramas principales, dibujados
more-items = { $count ->
    [one] { $shown } más
   *[other] { $shown } más
}
tree-hits = { $count ->
    [one] { $shown } elemento contiene estas palabras.
   *[other] { $shown } elementos contienen estas palabras.
}
search-total = { $count ->
    [one] { $shown } resultado
   *[other] { $shown } resultados
}
links-count = { $count ->
    [one] { $shown } enlace
   *[other] { $shown } enlaces
}
history-added = { $count ->
    [one] { $shown } añadido
   *[other] { $shown } añadidos
}
history-changed = { $count ->
    [one] { $shown } modificado
   *[other] { $shown } modificados
}
history-deleted = { $count ->
    [one] { $shown } eliminado
   *[other] { $shown } eliminados
}
compare-replaced-short = Reemplazables

## Accounts

sign-in = Iniciar sesión
sign-in-wrong = Este nombre y esta contraseña no corresponden, o la cuenta está desactivada.
sign-in-wait = { $count ->
    [one] Demasiados intentos. Espere { $shown } segundo.
   *[other] Demasiados intentos. Espere { $shown } segundos.
}
sign-in-nobody = Nadie tiene cuenta aquí todavía. La dirección para crear la primera se mostró al arrancar el servidor; o bien, en el servidor:
sign-in-help = Las cuentas las da quien administra este servidor, que también puede darle otra contraseña.
sign-in-provider = Iniciar sesión con { $name }
sign-in-provider-failed = No se pudo iniciar sesión allí; inténtelo de nuevo o pregunte a quien administra este servidor.
sign-in-provider-nobody = Allí le conocen, pero no tiene cuenta aquí; pregunte a quien administra este servidor.
sign-out = Cerrar sesión
sign-out-everywhere = Cerrar todas las sesiones
set-up = La primera cuenta
set-up-lead = Puede hacerlo todo, y crear cuentas para los demás.
set-up-token = Clave de instalación
set-up-token-help = Está al final de la dirección que se mostró al arrancar el servidor.
set-up-wrong = Esta no es la clave de instalación que el servidor mostró al arrancar.
set-up-do = Crear la cuenta
account = Cuenta
user-name = Nombre
user-name-help = Hasta 64 letras, cifras y . _ @ + -, por ejemplo una dirección de correo.
password = Contraseña
password-help = Al menos 12 caracteres; van bien unas cuantas palabras que no tengan relación.
password-old = Contraseña actual
password-new = Contraseña nueva
password-again = Contraseña nueva otra vez
password-change = Cambiar la contraseña
password-change-help = Se cerrarán todas sus demás sesiones.
password-changed = Su contraseña se ha cambiado.
password-differs = Las dos contraseñas nuevas no son iguales.
password-wrong = La contraseña actual no es correcta.
password-made = la contraseña siguiente solo se muestra esta vez. Désela de forma segura.
role = Función
role-reader = Lectura: ve marcos privados
role-editor = Edición: cambia marcos
role-admin = Administración: gestiona el servidor
reach = Válido para
reach-some = Solo estos marcos
reach-nothing = Elija los marcos, o todos.
state = Estado
sessions = Dónde ha iniciado sesión
session-browser = Navegador
session-since = Desde
session-seen = Último uso
session-this = esta
session-unknown = Desconocido
session-end = Cerrar sesión
tokens = Claves de acceso
tokens-lead = Los programas presentan una clave en la cabecera Authorization: Bearer.
tokens-none = Todavía no hay claves.
token-new = Crear una clave
token-name = Nombre
token-no-name = Diga para quién o para qué es la clave.
token-ends = Caduca
token-endless = Nunca
token-made = la clave siguiente solo se muestra esta vez.
token-valid = Válida
token-expired = Caducada
token-revoked = Revocada
token-revoke = Revocar
days = { $count ->
    [one] Después de { $shown } día
   *[other] Después de { $shown } días
}
users = Usuarios
user-new = Añadir un usuario
user-enabled = Activa
user-disabled = Desactivada
user-disabled-text = Esta cuenta está desactivada.
user-foreign = Inicia sesión en otro sitio
user-foreign-role = Esta persona inicia sesión en un proveedor de identidad; si el proveedor indica una función, se toma la próxima vez.
user-role-do = Cambiar la función
user-access = Acceso
user-access-help = En cualquier caso se cierran todas sus sesiones de inmediato.
user-password-do = Crear otra contraseña
user-disable-do = Desactivar la cuenta
user-enable-do = Activar la cuenta
audit = Quién cambió qué
audit-when = Cuándo
audit-who = Quién
audit-what = Qué
audit-any = Cualquier cosa
audit-framework = Marco
audit-since = Desde
audit-until = Hasta
audit-show = Mostrar
audit-object = Objeto
audit-revision = Revisión
audit-from = Dirección
audit-none = No se registró nada
audit-older = Anteriores

## Importing

import = Importar
import-lead = Envíe una hoja de cálculo o un marco, vea cómo se lee y qué cambiaría, y aplíquelo cuando esté bien. Antes no se cambia nada.
import-file = Elija un archivo o suéltelo aquí
import-file-help = Hojas de cálculo (XLSX, XLS, ODS, CSV) y marcos (CASE, CTDL-ASN, ASN, Common Standards), también comprimidos con gzip.
import-most = Como máximo { $size } MB.
import-url = Traerlo de una dirección
import-url-label = Dirección
import-url-help = Un marco de otro servidor CASE, o un archivo.
import-send = Leerlo
imports = Importaciones
imports-none = Todavía no hay ninguna.
import-file-name = Archivo
import-by = De
import-state-reading = se está leyendo
import-state-failed = no se entiende
import-state-planned = por revisar
import-state-applied = aplicada
import-state-undone = deshecha
import-waiting = Esperando su turno
import-reading = Leyendo el archivo
import-building = Formando los marcos
import-comparing = Comparando con lo guardado
import-rows = filas leídas
import-safe = Puede cerrar esta página y volver; la importación sigue.
import-look-again = Mirar otra vez
import-failed = Así no se puede importar nada de este archivo.
import-failed-columns = Diga qué significan las columnas y se leerá de nuevo.
import-applied = Está aplicada.
import-undo = Deshacer
import-undone = Está deshecha: todo está como antes.
import-ready = Todavía no se ha cambiado nada. Si está bien, aplíquela.
import-same = Todo lo que hay en el archivo ya está guardado; no hay nada que cambiar.
import-conflict = Algunos objetos del archivo pertenecen a otros marcos. Tómelos más abajo o corrija el archivo.
import-apply = Aplicar
import-discard = Descartar
import-options = Cómo se importa
import-columns = Cómo se leen las columnas
import-columns-help = Si una columna no es lo que usted quiere decir, elija otro significado y léala de nuevo.
import-profile = El formato es conocido: { $name }.
import-unsure = no es seguro
import-hierarchy = Cómo está escrita la jerarquía
import-framework = Marco que actualiza
import-found = Según se encuentra
import-title = Título, si la hoja no lo tiene
import-delimiter = Entre columnas
import-encoding = Codificación
import-missing = Lo que está guardado y no está en el archivo
import-delete = Borrarlo
import-retire = Marcarlo como retirado desde hoy
import-move = Tomar objetos que pertenecen a otros marcos
import-plan = Leer de nuevo
import-new = nuevo
import-update = actualización
import-problems = Problemas
import-place = Dónde
import-stood = Qué pone
import-became = Qué se hizo
import-changed = Cambiado
import-not-there = Guardado y no en el archivo
import-not-there-kept = Esto queda como está.
import-not-there-deleted = Esto se borrará.
import-conflicts = Pertenece a otros marcos
import-tree = Cómo queda
import-tree-more = { $count ->
    [one] y { $shown } elemento más
   *[other] y { $shown } elementos más
}
import-remarks = Qué se supuso
import-truncated = Solo se muestran los primeros 100 de cada tipo.
tree-added = nuevo
tree-changed = cambiado
rows = { $count ->
    [one] { $shown } fila
   *[other] { $shown } filas
}
count-added = { $count ->
    [one] { $shown } añadido
   *[other] { $shown } añadidos
}
count-changed = { $count ->
    [one] { $shown } cambiado
   *[other] { $shown } cambiados
}
count-moved = { $count ->
    [one] { $shown } movido
   *[other] { $shown } movidos
}
count-unchanged = { $count ->
   *[other] { $shown } sin cambios
}
count-missing = { $count ->
   *[other] { $shown } fuera del archivo
}
fields-found = Según se encuentra
fields-item = Elemento
fields-place = Dónde está
fields-link = Enlaces con otros
fields-framework = Marco
field-ignored = — no se lee —
field-fullStatement = Enunciado
field-humanCodingScheme = Código
field-abbreviatedStatement = Enunciado corto
field-cfItemType = Tipo
field-educationLevel = Grados
field-educationLevelFrom = Grados desde
field-educationLevelTo = Grados hasta
field-subject = Materia
field-conceptKeywords = Palabras clave
field-notes = Notas
field-alternativeLabel = Otra denominación
field-listEnumeration = Numeración
field-language = Idioma
field-license = Licencia
field-statusStartDate = Válido desde
field-statusEndDate = Válido hasta
field-identifier = Identificador
field-uri = Dirección (uri)
field-sequenceNumber = Posición
field-parentCode = Código del superior
field-parentIdentifier = Identificador del superior
field-parentStatement = Enunciado del superior
field-smartLevel = Número de esquema (1.2.1)
field-level = Nivel como número
field-levelColumn = { $count ->
   *[other] Enunciado del nivel { $shown }
}
field-levelCode = { $count ->
   *[other] Código del nivel { $shown }
}
field-association-isRelatedTo = Se relaciona con
field-association-isPeerOf = Es igual que
field-association-exactMatchOf = Coincide exactamente con
field-association-isPartOf = Es parte de
field-association-precedes = Precede a
field-association-replacedBy = Lo reemplaza
field-document-title = Título del marco
field-document-identifier = Identificador del marco
field-document-creator = Autor del marco
field-document-description = Descripción del marco
hierarchy-flat = Plana: nada está debajo de nada
hierarchy-parentCode = Por el código del superior
hierarchy-parentIdentifier = Por el identificador del superior
hierarchy-parentStatement = Por el enunciado del superior
hierarchy-codePrefix = Por los códigos mismos (A.B sobre A.B.1)
hierarchy-level = Por un número de nivel
hierarchy-smartLevel = Por un número de esquema
hierarchy-indentation = Por la sangría
hierarchy-levelColumns = Por una columna para cada nivel
hierarchy-levelColumnsFilled = Por una columna para cada nivel, rellena en cada fila
hierarchy-itemType = Por los tipos de los elementos
hierarchy-outline = Por la numeración de los códigos
hierarchy-associations = Por filas de asociaciones

## Alinear, y empleos frente a expedientes

align = Alinear un texto, una insignia o un empleo
align-short = Alinear
align-home = Alinear un texto, una insignia o un empleo
align-lead = Pegue o suelte algo y vea de qué elementos de los marcos trata. Acepte lo que sea correcto y llévese el resultado.
align-paste = Péguelo aquí
align-paste-help = Un texto, una insignia (Open Badges 2 o 3), un expediente (CLR) o una oferta de empleo, como texto o como JSON.
align-most = { $count ->
   *[other] De un texto, hasta { $shown } oraciones.
}
align-kind = Qué es
align-kind-found = Se averigua al verlo
align-frameworks = Qué marcos
align-frameworks-help = No elija ninguno para buscar en todos.
align-do = Alinear
align-again = Alinear de nuevo
align-other = Empezar con otro
align-private = Aquí no se guarda ni se registra nada de ello.
pasted-text = Un texto
pasted-credential = Una insignia o un expediente
pasted-job = Una oferta de empleo
align-found = De qué trata
align-segments = { $count ->
    [one] { $shown } parte
   *[other] { $shown } partes
}
semantic-on = se compararon palabras y significados
semantic-off = solo se compararon palabras, porque aquí no hay modelo de lenguaje
semantic-pending = solo se compararon palabras, porque los significados aún se calculan
align-existing = Con qué está alineado ya
align-unresolved = { $count ->
    [one] { $shown } alineación no significa nada aquí.
   *[other] { $shown } alineaciones no significan nada aquí.
}
align-none = Nada de aquí encaja
align-none-advice = Ningún marco tiene un elemento del que esto trate con claridad. Elija otros o dígalo con otras palabras.
align-text = El texto
align-candidates = Qué encaja
align-help = Marque lo que sea correcto. Lo que probablemente lo es ya está marcado.
align-keys = Las flechas suben y bajan, A acepta, R rechaza.
align-signed-part = Esta parte está firmada.
align-nothing-here = Nada de aquí encaja lo bastante bien.
align-far = { $count ->
    [one] { $shown } más que no es probable
   *[other] { $shown } más que no son probables
}
align-covered = dice { $share } de ello
align-aside = { $count ->
    [one] { $shown } más que no es una competencia
   *[other] { $shown } más que no son competencias
}
align-accepted = { $number } aceptados
align-signed = Hay partes firmadas; una alineación más rompería la firma.
align-signed-keep = No tocar las partes firmadas y darme sus alineaciones aparte
align-signed-remove = Ponerlo todo y quitar las firmas que esto rompe
align-format = Escribir las alineaciones para
align-finish = Mostrar el resultado
align-download = Descargar
align-done = El documento terminado
align-done-snippets = Las alineaciones
align-unchanged = No se puso nada; está tal como llegó.
align-added = { $count ->
    [one] Se puso { $shown } alineación, y todo lo demás está tal como llegó.
   *[other] Se pusieron { $shown } alineaciones, y todo lo demás está tal como llegó.
}
align-snippets-lead = Póngalas donde el documento dice de qué trata.
align-unsigned = Ha perdido su firma y hay que firmarlo de nuevo.
align-beside = Alineaciones de partes firmadas
align-beside-advice = Quien lo emite puede ponerlas en estos lugares antes de firmar.
align-back = Su navegador vuelve a lo que aceptó.
align-nothing-accepted = No se aceptó nada. Marque primero lo que sea correcto.
paste-empty = No hay nada que alinear. Pegue un texto o elija un archivo.
paste-both = Péguelo o elija un archivo, pero no ambas cosas.
paste-large = Es demasiado grande para esta página. Envíe una parte o use la API.
paste-encoding = Esto no se puede leer como texto. Guárdelo en UTF-8 y envíelo de nuevo.
paste-cut = No llegó entero. Envíelo de nuevo.
paste-unread = Esto no se puede alinear tal como está.
sureness = { $word }, { $share }
sure-almost-certain = casi seguro
sure-likely = probable
sure-possible = posible
sure-doubtful = dudoso
sure-unlikely = improbable
method-feedback = alguien lo dijo
method-code = su código está ahí
method-reference = se nombra ahí
method-name = se llama igual
method-level = un nivel de una rúbrica dice lo mismo
method-semantic = palabras y significado se parecen
method-lexical = las palabras se parecen
class-skill = una destreza
class-knowledge = conocimiento
class-task = una tarea
class-experience = experiencia
class-credential = una licencia o un certificado
class-education = estudios
class-condition = una condición de trabajo
class-boilerplate = sobre la empresa o la oferta
importance-required = imprescindible
importance-preferred = deseable
match = Un empleo frente a un expediente
match-home = Comparar un empleo con un expediente
match-instead = Comparar un empleo con el expediente de alguien
match-lead = Lo que alguien ha demostrado, junto a lo que pide un empleo: requisito por requisito, con el camino de uno a otro.
match-required = Lo que se pide
match-job = Pegue una oferta de empleo
match-job-file = O elija un archivo
match-framework = O tome todo lo que hay en un marco
match-no-framework = Ninguno
match-shown = Lo que se demostró
match-record = Pegue un expediente o una insignia
match-record-file = Elija archivos o suéltelos aquí
match-do = Comparar
match-unverified = No se comprueban las firmas.
match-found = Qué se cumple
match-requirements = Requisitos
match-met = cumplido
match-partly = en parte
match-missing = falta
match-unaligned = no se puede saber
match-achievements = { $count ->
    [one] { $shown } logro cuenta
   *[other] { $shown } logros cuentan
}
match-withheld = { $count ->
    [one] { $shown } no cuenta
   *[other] { $shown } no cuentan
}
match-withheld-which = Cuáles no cuentan, y por qué
match-nothing = No se pide nada
match-nothing-advice = No se encontró ningún requisito.
match-unknown = No se sabe de nada de aquí que sea aquello de lo que trata.
match-no-competency = No es una competencia, y por eso no se compara.
match-item = elemento
match-more = { $count ->
    [one] { $shown } logro más
   *[other] { $shown } logros más
}
match-way = El camino del requisito al logro
match-unnamed = Un logro sin nombre
match-ancestor = algo que está por encima
match-descendant = algo que está por debajo
match-alignment = el logro está alineado con ello
match-text = el logro se llama igual
match-by-name = el logro se llama así
match-by-code = el logro tiene su código
match-by-semantic = el logro dice más o menos lo mismo
match-by-lexical = el logro tiene las mismas palabras
match-link-replacedBy = una edición anterior o posterior
match-link-precedes = lo que viene después
match-link-isPartOf = parte de lo mismo
match-both = Dé un empleo o elija un marco, pero no ambas cosas.
match-no-job = Diga qué se pide: dé un empleo o elija un marco.
match-no-record = Dé un expediente, una insignia o varios.
match-record-json = El expediente no se puede leer como JSON.
match-unread = Los dos no se pueden comparar tal como están.
