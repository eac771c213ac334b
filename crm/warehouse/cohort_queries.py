"""The SQL of cohorts: who came when and in which group, and what became of them."""

MEMBERS = """
CREATE OR REPLACE TEMP TABLE cohort_member AS
WITH sold AS (
    SELECT customer_id, min(ordered_on) AS first_on
    FROM counted
    WHERE kind = 'sale' AND ordered_on <= $as_of
    GROUP BY customer_id
),
began AS (  -- the records of everybody, not only of those who are looked at
    SELECT min(ordered_on) AS began_on
    FROM house.sales_order
    WHERE status = 'confirmed' AND kind = 'sale'
)
SELECT
    customer_id,
    first_on,
    coalesce(created_on < began_on, FALSE) AS early,
    coalesce(trim(source), '') AS source,
    coalesce(trim(sector), '') AS sector,
    coalesce(trim(country), '') AS country,
    coalesce(kind, '') AS kind
FROM sold
JOIN customer USING (customer_id)
CROSS JOIN began
WHERE first_on >= $since
"""

GROUPS = """
CREATE OR REPLACE TEMP TABLE cohort_group AS
WITH told AS (
    UNPIVOT cohort_member ON source, sector, country, kind
    INTO NAME grouping VALUE name
)
SELECT
    grouping,
    name,
    count(*) AS customers,
    least($most, row_number() OVER (
        PARTITION BY grouping ORDER BY count(*) DESC, name
    ) - 1) AS code
FROM told
GROUP BY grouping, name
"""

PLACES = """
CREATE OR REPLACE TEMP TABLE cohort_place AS
WITH told AS (
    UNPIVOT cohort_member ON source, sector, country, kind
    INTO NAME grouping VALUE name
)
SELECT customer_id, grouping, code FROM told JOIN cohort_group USING (grouping, name)
UNION ALL
SELECT customer_id, 'all', 0 FROM cohort_member
"""

NAMES = """
SELECT
    grouping,
    code,
    CASE WHEN code < $most THEN any_value(name) ELSE '' END AS name,
    sum(customers) AS customers
FROM cohort_group
GROUP BY grouping, code
ORDER BY grouping, code
"""

CELLS = """
WITH spent AS (
    SELECT
        customer_id,
        date_diff($unit, first_on, ordered_on) AS period,
        count(*) FILTER (WHERE kind = 'sale') AS orders,
        CAST(sum(total) AS DOUBLE) AS revenue
    FROM counted
    JOIN (SELECT customer_id, first_on FROM cohort_member) USING (customer_id)
    WHERE ordered_on <= $as_of AND ordered_on >= date_trunc($unit, first_on)
    GROUP BY ALL
),
compared AS (
    SELECT spent.*, start.revenue AS at_first
    FROM spent
    JOIN spent AS start ON start.customer_id = spent.customer_id AND start.period = 0
)
SELECT
    $unit AS unit,
    grouping,
    code,
    early,
    date_trunc($unit, first_on) AS cohort,
    period,
    count(*) FILTER (WHERE orders > 0) AS active,
    sum(orders) AS orders,
    sum(orders * orders) AS orders_squared,
    sum(revenue) AS revenue,
    sum(revenue * revenue) AS revenue_squared,
    sum(revenue * at_first) AS revenue_crossed
FROM compared
JOIN cohort_member USING (customer_id)
JOIN cohort_place USING (customer_id)
GROUP BY ALL
ORDER BY ALL
"""

CUSTOMERS = """
WITH months AS (
    SELECT
        customer_id,
        bit_or(CAST(1 AS BIGINT) << date_diff('month', first_on, ordered_on)) AS active
    FROM counted
    JOIN (SELECT customer_id, first_on FROM cohort_member) USING (customer_id)
    WHERE kind = 'sale' AND ordered_on <= $as_of
    GROUP BY customer_id
),
placed AS (PIVOT cohort_place ON grouping IN (
    'source', 'sector', 'country', 'kind'
) USING any_value(code) GROUP BY customer_id)
SELECT
    customer_id,
    cohort_member.early,
    date_trunc('month', first_on) AS cohort,
    active,
    placed.source,
    placed.sector,
    placed.country,
    placed.kind
FROM cohort_member
JOIN months USING (customer_id)
JOIN placed USING (customer_id)
ORDER BY customer_id
"""
