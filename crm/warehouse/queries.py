"""The SQL of the warehouse, over the tables of `crm.warehouse.tables`.

Amounts are those in the book currency, at the rate of their order. They are added up
exactly, as decimals, and only the result becomes a float.
"""

from crm.models.tickets import ASKED_BY_US

RECORDS = """
CREATE VIEW customer AS SELECT {customer} FROM house.customer {where};
CREATE VIEW product AS SELECT {product} FROM house.product;
"""
VISIBLE = "WHERE customer_id IN (SELECT customer_id FROM visible)"

VIEWS = f"""
CREATE VIEW request AS  -- tickets, without those that we have opened ourselves
SELECT * FROM house.ticket WHERE source IS DISTINCT FROM '{ASKED_BY_US}';

CREATE VIEW booked AS  -- orders that could count, of customers who are there
SELECT
    order_id,
    customer_id,
    ordered_on,
    sales_order.kind,
    CASE WHEN currency <> book THEN rate END AS rate,
    CASE WHEN currency = book THEN total ELSE base_total END AS total,
    currency <> book AND base_total IS NULL AS no_rate,
    walk_in
FROM house.sales_order
JOIN customer USING (customer_id)
CROSS JOIN (SELECT currency AS book FROM house.mark)
WHERE status = 'confirmed' AND sales_order.kind <> 'adjustment';

CREATE VIEW counted AS
SELECT * FROM booked WHERE NOT no_rate AND NOT walk_in;

CREATE VIEW booked_line AS  -- of those that have a rate
SELECT
    booked.* EXCLUDE (total),
    product_id,
    CASE
        WHEN rate IS NULL THEN amount ELSE CAST(amount * rate AS DECIMAL(19,4))
    END AS amount
FROM booked
JOIN house.order_line USING (order_id)
WHERE NOT no_rate;
"""  # noqa: S608  (of our own words only)

CUSTOMERS = """
SELECT customer_id, name, kind, country, sector, source, owner_id, created_on
FROM customer
WHERE NOT walk_in
ORDER BY customer_id
"""

PRODUCTS = """
SELECT product_id, sku, name, category
FROM product
ORDER BY product_id
"""

ORDERS = """
SELECT order_id, customer_id, ordered_on, kind, CAST(total AS DOUBLE) AS total
FROM counted
WHERE ordered_on <= $as_of
ORDER BY order_id
"""

BUYERS = """
WITH past AS (
    SELECT *, kind = 'sale' AS sold FROM counted WHERE ordered_on <= $as_of
),
asked AS (
    SELECT customer_id, count(*) AS tickets
    FROM request
    WHERE opened_on > $as_of - 365 AND opened_on <= $as_of
    GROUP BY customer_id
),
bought AS (
    SELECT customer_id, count(*) AS products
    FROM house.first_sale
    WHERE first_on <= $as_of
    GROUP BY customer_id
),
summed AS (
    SELECT
        customer_id,
        min(ordered_on) FILTER (WHERE sold) AS first_on,
        max(ordered_on) FILTER (WHERE sold) AS last_on,
        count(*) FILTER (WHERE sold) AS frequency,
        sum(total) FILTER (WHERE sold) AS sold_for,
        sum(total) AS net
    FROM past
    GROUP BY customer_id
)
SELECT
    customer_id,
    first_on,
    last_on,
    $as_of - last_on AS recency,
    $as_of - first_on AS tenure,
    frequency,
    CAST(sold_for AS DOUBLE) / frequency AS monetary,
    CAST(net AS DOUBLE) AS revenue,
    coalesce(products, 0) AS products,
    CASE
        WHEN sold_for > 0
        THEN least(1, greatest(0, CAST(sold_for - net AS DOUBLE) / sold_for))
        ELSE 0
    END AS returned,
    CASE
        WHEN frequency > 1 THEN (last_on - first_on) / (frequency - 1)
    END AS gap,
    coalesce(tickets, 0) AS tickets
FROM summed
LEFT JOIN bought USING (customer_id)
LEFT JOIN asked USING (customer_id)
WHERE frequency > 0
ORDER BY customer_id
"""

LATELY = """
SELECT
    customer_id,
    count(*) FILTER (WHERE kind = 'sale' AND ordered_on > $lately) AS sales_90,
    count(*) FILTER (WHERE kind = 'sale' AND ordered_on <= $lately) AS sales_before_90,
    CAST(sum(CASE WHEN ordered_on > $lately THEN total ELSE 0 END) AS DOUBLE)
        AS revenue_90,
    CAST(sum(CASE WHEN ordered_on <= $lately THEN total ELSE 0 END) AS DOUBLE)
        AS revenue_before_90
FROM counted
WHERE ordered_on > $before AND ordered_on <= $as_of
GROUP BY customer_id
"""

ASKED = """
WITH meanwhile AS (  -- solved then, and opened again since
    SELECT DISTINCT ticket_id
    FROM house.reopened
    WHERE solved_on <= $as_of AND again_on > $as_of
)
SELECT
    customer_id,
    count(*) FILTER (WHERE opened_on > $lately) AS tickets_90,
    count(*) FILTER (WHERE opened_on > $before AND opened_on <= $lately)
        AS tickets_before_90,
    count(*) FILTER (
        WHERE kind = 'problem'
        AND coalesce(solved_on > $as_of, TRUE)
        AND meanwhile.ticket_id IS NULL
    ) AS open_problems
FROM request
LEFT JOIN meanwhile ON meanwhile.ticket_id = request.ticket_id
WHERE opened_on <= $as_of AND customer_id IS NOT NULL
GROUP BY customer_id
"""

TICKETS = """
SELECT
    ticket_id, customer_id, opened_on, solved_on, ticket.kind, status, priority,
    ticket.owner_id
FROM house.ticket
JOIN customer USING (customer_id)
WHERE opened_on <= $as_of AND NOT walk_in
ORDER BY ticket_id
"""

ENTERED = """
SELECT
    customer_id,
    count(DISTINCT ordered_on) - 1 AS repeats,
    any_value(customer.kind) AS kind,
    coalesce(any_value(country), '') AS country,
    coalesce(any_value(sector), '') AS sector,
    coalesce(any_value(source), '') AS source
FROM counted
JOIN customer USING (customer_id)
WHERE counted.kind = 'sale' AND ordered_on <= $as_of
GROUP BY customer_id
"""

FUTURE = """
SELECT
    customer_id,
    count(*) FILTER (WHERE kind = 'sale') AS sales,
    CAST(sum(total) AS DOUBLE) AS revenue
FROM counted
WHERE ordered_on > $as_of AND ordered_on <= $until
GROUP BY customer_id
HAVING count(*) FILTER (WHERE kind = 'sale') > 0
ORDER BY customer_id
"""

BASKETS = """
SELECT DISTINCT order_id, customer_id, ordered_on, product_id
FROM booked_line
JOIN product USING (product_id)
WHERE kind = 'sale' AND ordered_on BETWEEN $since AND $as_of
ORDER BY order_id, product_id
"""

LEFT_OUT = """
SELECT
    count(*) FILTER (WHERE no_rate),
    count(*) FILTER (WHERE walk_in AND NOT no_rate)
FROM booked
WHERE ordered_on <= $as_of
"""
