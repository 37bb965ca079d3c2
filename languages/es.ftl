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
