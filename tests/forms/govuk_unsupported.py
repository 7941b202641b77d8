"""Options of GOV.UK Frontend that our pack leaves out, each with its reason. Examples that use one are not
compared.

`*` is every component. `items[] empty` is a hole in a list. A whole example is named where no option tells
it apart.
"""

ATTRIBUTES = "pages that need an attribute of their own write the element themselves"
CLASSES = "our look has no further classes; variants have names"
IDS = "ids follow from the field, so that error summary, label and hint always meet"
HOLES = "a list in Python holds what is shown and nothing else"
TRANSLATED = "the site is in English"
SCRIPTED = "works without script; the enhanced control hides the native one"
COUNT = "we count characters, as the server does"
WHOLE_DATE = "always day, month and year, all checked by the server"
BOUND = "values come from the form"
MARKED = "boxes are marked when the field has an error, which then has a message"
NAMED = "the parts that are wrong are named, not those that are right"
GROUPED = "a group always has its legend, and its hint and error describe the group"
CLASS_OF_TEXT = "sizes only: s, m, l, xl"
SLOTS = "nothing stands in our navigation but links"

OPTIONS: dict[str, dict[str, str]] = {
    "*": {"items[] empty": HOLES, "rows[] empty": HOLES, "navigation[] empty": HOLES},
    "back-link": {"attributes": ATTRIBUTES},
    "breadcrumbs": {"attributes": ATTRIBUTES, "items[].attributes": ATTRIBUTES},
    "character-count": {
        "maxwords": COUNT,
        "countType": COUNT,
        "textareaDescriptionText": COUNT,
        "countMessage": CLASSES,
        "charactersUnderLimitText": TRANSLATED,
    },
    "checkboxes": {
        "items[].id": IDS,
        "items[].name": IDS,
        "items[].label": CLASSES,
        "fieldset.attributes": ATTRIBUTES,
    },
    "date-input": {
        "day.label": TRANSLATED,
        "items[].id": IDS,
        "items[].value": BOUND,
        "items[].pattern": WHOLE_DATE,
        "items[].attributes": ATTRIBUTES,
        "year.value": BOUND,
    },
    "details": {"attributes": ATTRIBUTES, "classes": CLASSES},
    "error-message": {
        "visuallyHiddenText": TRANSLATED,
        "attributes": ATTRIBUTES,
        "classes": CLASSES,
        "id": IDS,
    },
    "error-summary": {
        "attributes": ATTRIBUTES,
        "classes": CLASSES,
        "errorList[].attributes": ATTRIBUTES,
        "disableAutoFocus": "a page with errors always begins with them",
    },
    "file-upload": {"javascript": SCRIPTED},
    "hint": {"attributes": ATTRIBUTES, "classes": CLASSES},
    "input": {
        "prefix.classes": CLASSES,
        "prefix.attributes": ATTRIBUTES,
        "suffix.classes": CLASSES,
        "suffix.attributes": ATTRIBUTES,
        "inputWrapper": CLASSES,
    },
    "inset-text": {"attributes": ATTRIBUTES, "classes": CLASSES},
    "label": {"attributes": ATTRIBUTES},
    "notification-banner": {
        "attributes": ATTRIBUTES,
        "classes": CLASSES,
        "disableAutoFocus": "one behaviour for all banners",
    },
    "pagination": {"attributes": ATTRIBUTES},
    "panel": {
        "attributes": ATTRIBUTES,
        "classes": "no interruption pages",
    },
    "phase-banner": {"attributes": ATTRIBUTES, "classes": CLASSES, "tag.classes": CLASSES},
    "radios": {
        "items[].id": IDS,
        "items[].label": CLASSES,
        "fieldset.attributes": ATTRIBUTES,
    },
    "select": {"items[].attributes": ATTRIBUTES},
    "service-navigation": {
        "attributes": ATTRIBUTES,
        "ariaLabel": TRANSLATED,
        "menuButtonText": TRANSLATED,
        "menuButtonLabel": TRANSLATED,
        "navigationClasses": CLASSES,
        "navigationId": "one on each page",
        "collapseNavigationOnMobile": "collapses when there is more than one link",
        "slots": SLOTS,
    },
    "skip-link": {"attributes": ATTRIBUTES, "classes": CLASSES},
    "summary-list": {
        "attributes": ATTRIBUTES,
        "card.attributes": ATTRIBUTES,
        "rows[].key.classes": CLASSES,
        "rows[].actions.classes": CLASSES,
        "rows[].actions.items[].attributes": ATTRIBUTES,
        "rows[].actions.items[].classes": CLASSES,
    },
    "table": {
        "attributes": ATTRIBUTES,
        "head[].attributes": ATTRIBUTES,
        "rows[][].attributes": ATTRIBUTES,
    },
    "tag": {"attributes": ATTRIBUTES},
    "task-list": {
        "attributes": ATTRIBUTES,
        "items[].classes": CLASSES,
    },
    "warning-text": {"attributes": ATTRIBUTES, "classes": CLASSES},
}

EXAMPLES: dict[str, dict[str, str]] = {
    "back-link": {"classes": CLASSES},
    "character-count": {
        "to configure in JavaScript": COUNT,
        "with neither maxlength, maxwords nor textarea description set": COUNT,
    },
    "checkboxes": {
        "multiple hints": GROUPED,
        "with error and idPrefix": GROUPED,
        "with single option (and hint) set 'aria-describedby' on input, and describedBy": "one box, one hint",
        "item checked overrides values": BOUND,
    },
    "date-input": {
        "day and month": WHOLE_DATE,
        "day and month (using items)": WHOLE_DATE,
        "month and year": WHOLE_DATE,
        "month and year (using items)": WHOLE_DATE,
        "with nested name": WHOLE_DATE,
        "items with classes": WHOLE_DATE,
        "with errors only": MARKED,
        "with errors only (using classes)": MARKED,
        "with errors only (using items)": MARKED,
        "with errors only (using items and classes)": MARKED,
        "with error on single field by omission": NAMED,
        "with error on single item by omission": NAMED,
    },
    "fieldset": {"legend classes": CLASS_OF_TEXT},
    "label": {"empty": "a field always has its label", "classes": CLASS_OF_TEXT},
    "phase-banner": {"text": "always names its phase", "html as text": "always names its phase"},
    "radios": {"item checked overrides value": BOUND},
    "select": {
        "without values": "every choice has its value",
        "without values with selected value": "every choice has its value",
        "with falsy values": "values are text",
        "item selected overrides value": BOUND,
    },
}
