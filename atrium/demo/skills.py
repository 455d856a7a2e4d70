"""The catalogue of skills, by family, and what a person of a kind of unit can do."""

from itertools import accumulate
from random import Random

_FAMILIES: dict[str, str] = {
    "common": (
        "Project management;Excel;First aid;Public speaking;Facilitation;Mentoring;English;German;French;Spanish;"
        "Portuguese;Polish;Arabic;Mandarin;Japanese;Sign language;Driving licence C;Fire warden"
    ),
    "software": (
        "Python;SQL;C#;JavaScript;TypeScript;Java;C++;.NET;Rust;Go;Kotlin;Swift;GraphQL;PostgreSQL;React;Vue.js;"
        "Node.js;Machine learning;Accessibility;Test automation;Embedded C;Data modelling;F#;R"
    ),
    "infrastructure": (
        "Linux;Kubernetes;Terraform;Networking;Windows Server;Active Directory;Docker;Ansible;AWS;Azure;"
        "Observability;Backup and restore;TCP/IP;Incident response;Penetration testing;ITIL"
    ),
    "logistics": (
        "Forklift;Order picking;Route planning;Inventory control;Dangerous goods;Customs clearance;Cold chain;"
        "Lean;5S;SAP EWM;Yard management;Demand planning;HGV driving"
    ),
    "service": (
        "Telephone support;Complaint handling;De-escalation;Live chat support;Knowledge base writing;"
        "Call quality coaching;Workforce planning;CRM;Technical support;Empathic listening"
    ),
    "field": (
        "Electrical installation;Lift maintenance;HVAC;Refrigeration;Plumbing;Fault finding;Working at height;"
        "Blueprint reading;Fibre splicing;PLC programming;Hydraulics;Customer training"
    ),
    "making": (
        "Welding;TIG welding;CNC milling;Turning;Sheet metal;Quality inspection;Six Sigma;Kaizen;CAD;"
        "Injection moulding;Robot programming;Metrology;Preventive maintenance;3D printing"
    ),
    "care": (
        "Nursing;Wound care;Medication management;Dementia care;Palliative care;Physiotherapy;Infection control;"
        "Care planning;Occupational therapy;Manual handling;Phlebotomy;Paediatric nursing;Dietetics"
    ),
    "commerce": (
        "Negotiation;Key account management;Tendering;Contract management;Lead generation;Pricing;"
        "Market research;SEO;Copywriting;Brand design;Photography;Video editing;Event management;Supplier audits;"
        "Category management"
    ),
    "money": (
        "Bookkeeping;IFRS;Controlling;Treasury;Tax;Payroll;Internal audit;Forecasting;Power BI;VBA;Risk management"
    ),
    "people": (
        "Recruiting;Onboarding;Labour law;Coaching;Training design;Compensation and benefits;Mediation;"
        "Workplace health;Diversity and inclusion;HR analytics"
    ),
    "law": (
        "Data protection;Contract law;Competition law;Compliance;Intellectual property;Records management;"
        "Whistleblowing"
    ),
    "words": (
        "Storytelling;Crisis communication;Speechwriting;Editing;Translation;Media relations;"
        "Internal communications;Podcasting;Plain language"
    ),
    "science": (
        "Materials testing;Statistics;Experiment design;Life cycle assessment;Patents;Acoustics;"
        "Battery chemistry;Computer vision;Simulation;Spectroscopy"
    ),
    "sites": (
        "Energy management;Space planning;Fire safety;Catering;Cleaning management;Gardening;Building automation;"
        "Access control;Waste management"
    ),
}

FAMILIES: dict[str, tuple[str, ...]] = {family: tuple(names.split(";")) for family, names in _FAMILIES.items()}
SKILLS: tuple[str, ...] = tuple(name for names in FAMILIES.values() for name in names)

_CUMULATIVE = {
    family: tuple(accumulate(1 / (rank + 1) for rank in range(len(names)))) for family, names in FAMILIES.items()
}


def draw_skills(rng: Random, families: tuple[str, ...]) -> tuple[str, ...]:
    """Up to 12 skills, best first: few people list many, few skills are listed by many."""
    wanted = min(12, int(rng.expovariate(0.28)))
    found: dict[str, None] = {}
    for _ in range(wanted):
        dice = rng.random()
        family = families[0] if dice < 0.6 else families[-1] if dice < 0.75 else "common"
        found[rng.choices(FAMILIES[family], cum_weights=_CUMULATIVE[family])[0]] = None
    return tuple(found)
