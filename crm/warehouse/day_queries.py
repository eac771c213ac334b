"""The SQL of what came day by day, over the views of `crm.warehouse.queries`."""

REVENUE_BY_DAY = """
WITH known AS (
    SELECT *, kind = 'sale' AS sale
    FROM booked
    WHERE NOT no_rate AND ordered_on <= $until
),
came AS (
    SELECT first_on AS day, count(*) AS new_customers
    FROM (
        SELECT min(ordered_on) AS first_on
        FROM known
        WHERE sale AND NOT walk_in
        GROUP BY customer_id
    )
    GROUP BY first_on
),
summed AS (
    SELECT
        ordered_on AS day,
        CAST(sum(total) AS DOUBLE) AS revenue,
        count(*) FILTER (WHERE sale) AS orders,
        CAST(coalesce(sum(total) FILTER (WHERE sale), 0) AS DOUBLE) AS sold
    FROM known
    GROUP BY ordered_on
)
SELECT day, revenue, orders, sold, coalesce(new_customers, 0) AS new_customers
FROM summed
LEFT JOIN came USING (day)
ORDER BY day
"""

PARTS = {  # what a group gets of each order
    "category": """
        SELECT order_id, ordered_on, kind, amount, category AS name
        FROM booked_line
        LEFT JOIN product USING (product_id)
        WHERE ordered_on <= $until
    """,
    "product": """
        SELECT order_id, ordered_on, kind, amount,
            CAST(product.product_id AS VARCHAR) AS name
        FROM booked_line
        LEFT JOIN product USING (product_id)
        WHERE ordered_on <= $until
    """,
    "country": """
        SELECT order_id, ordered_on, booked.kind, total AS amount, country AS name
        FROM booked
        JOIN customer USING (customer_id)
        WHERE NOT no_rate AND ordered_on <= $until
    """,
}

GROUPS_BY_DAY = """
WITH part AS (
    SELECT order_id, ordered_on, kind, amount, coalesce(name, '') AS name
    FROM ({part})
),
top AS (
    SELECT name, row_number() OVER (ORDER BY sum(amount) DESC, name) AS rank
    FROM part
    WHERE ordered_on > $since
    GROUP BY name
    QUALIFY rank <= $top
),
ranked AS (
    SELECT part.*, coalesce(top.rank, 0) AS rank
    FROM part
    LEFT JOIN top USING (name)
)
SELECT
    ordered_on AS day,
    rank,
    CASE WHEN rank > 0 THEN any_value(name) ELSE '' END AS "group",
    CAST(sum(amount) AS DOUBLE) AS revenue,
    count(DISTINCT order_id) FILTER (WHERE kind = 'sale') AS orders
FROM ranked
GROUP BY ordered_on, rank
ORDER BY rank, day
"""

REPEAT_BUYERS = """
WITH days AS (
    SELECT
        customer_id,
        ordered_on,
        bool_or(kind = 'sale') AS bought,
        sum(total) FILTER (WHERE kind = 'sale') AS sold,
        sum(total) AS net
    FROM counted
    WHERE ordered_on <= $as_of
    GROUP BY customer_id, ordered_on
),
summed AS (
    SELECT
        customer_id,
        count(*) FILTER (WHERE bought) AS days,
        min(ordered_on) FILTER (WHERE bought) AS first_on,
        max(ordered_on) FILTER (WHERE bought) AS last_on,
        sum(sold) AS sold,
        sum(net) AS net
    FROM days
    GROUP BY customer_id
)
SELECT
    customer_id,
    days - 1 AS x,
    last_on - first_on AS t_x,
    $as_of - first_on AS T,
    CAST(sold AS DOUBLE) / days AS value,
    CAST(net AS DOUBLE) AS revenue
FROM summed
WHERE days > 0
ORDER BY customer_id
"""

REPEAT_DAYS = """
WITH days AS (
    SELECT customer_id, ordered_on, min(ordered_on) OVER mine AS first_on
    FROM counted
    WHERE kind = 'sale' AND ordered_on <= $as_of
    GROUP BY customer_id, ordered_on
    WINDOW mine AS (PARTITION BY customer_id)
)
SELECT
    ordered_on AS day,
    count(*) FILTER (WHERE ordered_on = first_on) AS first,
    count(*) FILTER (WHERE ordered_on > first_on) AS repeats
FROM days
WHERE first_on <= $cohort
GROUP BY ordered_on
ORDER BY ordered_on
"""
