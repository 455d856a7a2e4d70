"""The divisions a company may have: their departments, teams, titles, skills and how large they tend to be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Division:
    """A recipe for one branch of the chart."""

    kind: str
    name: str
    weight: float  # of its share of the people
    team: int  # people in a usual team
    local: bool  # split by city before it is split by task
    chief: str
    manager: str  # who heads a small unit
    lead: str  # who leads a few people inside a unit
    departments: tuple[str, ...]
    teams: tuple[str, ...]
    titles: tuple[str, ...]  # the commonest first
    skills: tuple[str, ...]  # families, the main one first


def _division(
    kind: str, name: str, size: str, bosses: str, *, departments: str, teams: str, titles: str, skills: str
) -> Division:
    weight, team, local = size.split()
    chief, manager, lead = bosses.split(";")
    return Division(
        kind=kind,
        name=name,
        weight=float(weight),
        team=int(team),
        local=local == "local",
        chief=chief,
        manager=manager,
        lead=lead,
        departments=tuple(departments.split(";")),
        teams=tuple(teams.split(";")),
        titles=tuple(titles.split(";")),
        skills=tuple(skills.split()),
    )


BOARD = _division(
    "board",
    "Atrium",
    "0 6 central",
    "Chief Executive Officer;Chief of Staff;Office Lead",
    departments="Executive Office",
    teams="Office",
    titles="Chief of Staff;Executive Assistant;Board Secretary;Strategy Analyst;Ombudsperson",
    skills="words money",
)

# In order of need: a small company has only the first few.
DIVISIONS = (
    _division(
        "operations",
        "Operations",
        "24 34 local",
        "Chief Operating Officer;Shift Manager;Shift Lead",
        departments="Warehousing;Distribution;Returns;Transport Planning;Cold Store;Packaging;Customs Desk",
        teams="Early Shift;Late Shift;Night Shift;Inbound;Outbound;Weekend Shift;Dock Team;Special Loads",
        titles=(
            "Warehouse Operative;Order Picker;Forklift Driver;Delivery Driver;Dispatcher;Stock Controller;"
            "Shift Planner;"
            "Customs Clerk"
        ),
        skills="logistics",
    ),
    _division(
        "it",
        "Information Technology",
        "3.5 7 central",
        "Chief Information Officer;IT Manager;Team Lead",
        departments="Workplace Services;Networks;Business Applications;Service Desk;Cloud Operations;Cyber Defence",
        teams="Devices;Identity;Directory;Collaboration;Integration;Backups;Monitoring;Voice",
        titles=(
            "Systems Administrator;IT Support Specialist;Network Engineer;Application Manager;Cloud Engineer;"
            "Security Analyst;Database Administrator"
        ),
        skills="infrastructure software",
    ),
    _division(
        "service",
        "Customer Care",
        "19 32 local",
        "Chief Customer Officer;Contact Centre Manager;Team Coach",
        departments="Voice Support;Written Support;Technical Support;Complaints;Key Customer Desk;Workforce Management",
        teams="Orders;Invoices;Deliveries;Evenings;Weekends;Appointments;Premium;Languages",
        titles=(
            "Customer Advisor;Senior Customer Advisor;Technical Support Agent;Complaints Specialist;Workforce Planner;"
            "Quality Coach"
        ),
        skills="service",
    ),
    _division(
        "field",
        "Field Service",
        "14 30 local",
        "Vice President Field Service;Area Manager;Lead Technician",
        departments="Lifts and Doors;Heating and Cooling;Electrical;Emergency Response;Installations;Spare Parts",
        teams="North;South;East;West;Centre;On Call;Airport;Harbour",
        titles=(
            "Service Technician;Lift Mechanic;Electrician;Refrigeration Engineer;Installer;"
            "Parts Coordinator;Route Planner"
        ),
        skills="field making",
    ),
    _division(
        "sales",
        "Sales",
        "6 8 local",
        "Chief Sales Officer;Sales Manager;Team Lead",
        departments="Key Accounts;Public Sector;Small Business;Partner Sales;Bids and Tenders;Sales Operations",
        teams="Hospitality;Healthcare;Retail;Housing;Renewals;New Business",
        titles="Account Manager;Sales Representative;Bid Manager;Inside Sales Agent;Sales Analyst;Partner Manager",
        skills="commerce service",
    ),
    _division(
        "engineering",
        "Product Engineering",
        "7 7 central",
        "Chief Technology Officer;Engineering Manager;Tech Lead",
        departments="Platform;Mobile Apps;Web Experience;Data;Embedded Systems;Quality Engineering;Product Design",
        teams="Identity;Billing;Search;Messaging;Scheduling;Telemetry;Payments;Catalogue;Maps;Notifications",
        titles=(
            "Software Engineer;Software Developer;Data Engineer;Test Engineer;Product Designer;"
            "Site Reliability Engineer;"
            "Product Manager;Firmware Engineer"
        ),
        skills="software infrastructure",
    ),
    _division(
        "people",
        "People and Culture",
        "2 6 central",
        "Chief People Officer;HR Manager;Team Lead",
        departments="Recruiting;Learning;Payroll Services;HR Partners;Workplace Health",
        teams="Apprentices;Onboarding;Leadership;Rewards;Systems;Relations",
        titles="HR Partner;Recruiter;Payroll Specialist;Learning Designer;Occupational Health Nurse;HR Analyst",
        skills="people law",
    ),
    _division(
        "finance",
        "Finance",
        "3 7 central",
        "Chief Financial Officer;Finance Manager;Team Lead",
        departments="Accounting;Controlling;Treasury;Tax;Internal Audit;Shared Services",
        teams="Payables;Receivables;Closing;Travel Expenses;Reporting;Fixed Assets",
        titles="Accountant;Controller;Accounts Payable Clerk;Financial Analyst;Tax Specialist;Internal Auditor",
        skills="money",
    ),
    _division(
        "making",
        "Manufacturing",
        "9 28 local",
        "Vice President Manufacturing;Production Manager;Line Lead",
        departments="Door Systems;Control Units;Sheet Metal;Final Assembly;Maintenance;Quality",
        teams="Line 1;Line 2;Line 3;Weld Shop;Paint Shop;Tooling;Night Line",
        titles="Machine Operator;Assembler;Welder;Maintenance Technician;Quality Inspector;Process Engineer;Toolmaker",
        skills="making field",
    ),
    _division(
        "care",
        "Health and Care Homes",
        "8 22 local",
        "Director of Care;Ward Manager;Charge Nurse",
        departments="Residential Care;Home Nursing;Rehabilitation;Day Care;Kitchen and Diet",
        teams="Garden Ward;River Ward;Day Team;Night Team;Therapy;Visiting Team",
        titles=(
            "Nurse;Care Assistant;Physiotherapist;Healthcare Assistant;Occupational Therapist;"
            "Dietitian;Activity Planner"
        ),
        skills="care people",
    ),
    _division(
        "marketing",
        "Marketing",
        "1.6 6 central",
        "Chief Marketing Officer;Marketing Manager;Team Lead",
        departments="Brand;Digital Marketing;Events;Market Insight;Content Studio",
        teams="Campaigns;Web;Social;Trade Fairs;Print;Newsletters",
        titles="Marketing Specialist;Content Editor;Graphic Designer;Campaign Manager;Event Manager;Market Analyst",
        skills="commerce words",
    ),
    _division(
        "procurement",
        "Procurement",
        "1.3 6 central",
        "Chief Procurement Officer;Purchasing Manager;Team Lead",
        departments="Indirect Buying;Raw Materials;Fleet and Energy;Supplier Quality",
        teams="Contracts;Vehicles;Packaging;Electronics;Services",
        titles="Buyer;Category Manager;Supplier Manager;Purchasing Assistant;Supplier Auditor",
        skills="commerce law",
    ),
    _division(
        "facilities",
        "Facilities",
        "2.4 12 local",
        "Director of Facilities;Site Manager;Team Lead",
        departments="Building Services;Catering;Security;Workplace Design;Energy",
        teams="Reception;Grounds;Canteen;Cleaning;Repairs;Parking",
        titles="Facility Technician;Chef;Security Officer;Receptionist;Cleaner;Space Planner;Energy Manager",
        skills="sites field",
    ),
    _division(
        "communications",
        "Communications",
        "0.8 5 central",
        "Chief Communications Officer;Communications Manager;Editor in Chief",
        departments="Internal Communications;Press Office;Newsroom;Translation",
        teams="Editors;Video;Events;Languages",
        titles="Communications Specialist;Editor;Press Officer;Translator;Video Producer",
        skills="words commerce",
    ),
    _division(
        "law",
        "Legal and Compliance",
        "0.8 5 central",
        "General Counsel;Legal Manager;Senior Counsel",
        departments="Corporate Law;Data Protection;Compliance;Contracts;Employment Law",
        teams="Claims;Licences;Privacy Desk;Training",
        titles="Legal Counsel;Paralegal;Compliance Officer;Data Protection Officer;Contract Manager",
        skills="law",
    ),
    _division(
        "science",
        "Research",
        "1.4 6 central",
        "Chief Scientist;Research Manager;Principal Scientist",
        departments="Materials;Energy Storage;Acoustics;Sensing;Ageing and Care Science",
        teams="Test Bench;Modelling;Field Trials;Prototypes;Library",
        titles="Scientist;Research Engineer;Laboratory Technician;Data Scientist;Patent Specialist",
        skills="science software",
    ),
)

_KINDS = {division.name: division.kind for division in DIVISIONS}


def kind_of(division_name: str) -> str:
    """The kind of a division by the name of its unit; `board` for any other name."""
    return _KINDS.get(division_name, BOARD.kind)
