/* The searches of gis/walk/kernels.py in plain C, to measure those against.
 *
 * The same algorithm: keys (cost << 32 | label), a ring of buckets of 2^shift cm, each worked
 * through first in, first out, bounded by the limit; nearest() goes by batches of neighbouring
 * stations, each thread on keys of its own that are merged by the minimum; pairs() hands out
 * stations in chunks. Each function returns 0, or 1 where memory or threads were wanting.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct { int64_t key; int64_t node; } Entry;
typedef struct { const int32_t *start; const int64_t *arc; int64_t n_node; } Graph; /* arc: cost << 32 | node */

typedef struct {
    int64_t *key, nowhere;
    int32_t *touched;
    Entry **bucket;
    int64_t *fill, *room, ring;
    int shift, failed;
} Search;

static int search_new(Search *s, int64_t n_node, int64_t limit, int shift, int64_t ring)
{
    memset(s, 0, sizeof *s);
    s->nowhere = (limit + 1) << 32;
    s->ring = ring;
    s->shift = shift;
    s->key = malloc(n_node * sizeof *s->key);
    s->touched = malloc(n_node * sizeof *s->touched);
    s->bucket = calloc(ring, sizeof *s->bucket);
    s->fill = calloc(ring, sizeof *s->fill);
    s->room = calloc(ring, sizeof *s->room);
    if (!s->key || !s->touched || !s->bucket || !s->fill || !s->room)
        return 1;
    for (int64_t i = 0; i < n_node; i++)
        s->key[i] = s->nowhere;
    return 0;
}

static void search_free(Search *s)
{
    for (int64_t i = 0; s->bucket && i < s->ring; i++)
        free(s->bucket[i]);
    free(s->bucket), free(s->fill), free(s->room), free(s->key), free(s->touched);
}

static void widen(Search *s, int64_t b)
{
    int64_t room = s->room[b] ? 2 * s->room[b] : 64;
    Entry *wider = realloc(s->bucket[b], room * sizeof *wider);
    if (!wider)
        abort();
    s->bucket[b] = wider;
    s->room[b] = room;
}

static inline void push(Search *s, int64_t key, int64_t node)
{
    int64_t b = (key >> (32 + s->shift)) & (s->ring - 1);
    if (__builtin_expect(s->fill[b] == s->room[b], 0))
        widen(s, b);
    s->bucket[b][s->fill[b]++] = (Entry){key, node};
}

/* Search from the seeds first … last - 1; return how many nodes were reached for the first time. */
static int64_t search(Search *s, const Graph *g, const int32_t *node, const int64_t *seed,
                      int64_t first, int64_t last)
{
    int64_t n_touched = 0, pending = 0, at = INT64_MAX;
    int64_t *key = s->key;
    for (int64_t i = first; i < last; i++) {
        if (seed[i] >= key[node[i]])
            continue;
        if (key[node[i]] == s->nowhere)
            s->touched[n_touched++] = node[i];
        key[node[i]] = seed[i];
        push(s, seed[i], node[i]);
        pending++;
        if (seed[i] >> (32 + s->shift) < at)
            at = seed[i] >> (32 + s->shift);
    }
    for (; pending > 0; at++) {
        int64_t b = at & (s->ring - 1);
        for (int64_t i = 0; i < s->fill[b]; i++) {
            Entry here = s->bucket[b][i];
            if (key[here.node] != here.key)
                continue;
            for (int32_t e = g->start[here.node]; e < g->start[here.node + 1]; e++) {
                int64_t to = (uint32_t)g->arc[e], found = here.key + (g->arc[e] & ~0xffffffffLL);
                if (found >= key[to])
                    continue;
                if (key[to] == s->nowhere)
                    s->touched[n_touched++] = (int32_t)to;
                key[to] = found;
                push(s, found, to);
                pending++;
            }
        }
        pending -= s->fill[b];
        s->fill[b] = 0;
    }
    return n_touched;
}

typedef struct {
    const Graph *graph;
    const int32_t *node;
    const int64_t *seed;
    int64_t first, last, batch;
    Search search;
} Part;

static void *part(void *argument)
{
    Part *p = argument;
    for (int64_t i = p->first; i < p->last; i += p->batch) {
        int64_t end = i + p->batch < p->last ? i + p->batch : p->last;
        search(&p->search, p->graph, p->node, p->seed, i, end);
    }
    return NULL;
}

typedef struct { Part *parts; int n_part; int64_t first, last; int32_t *cost, *station; } Merge;

static void *merge(void *argument)
{
    Merge *m = argument;
    int64_t nowhere = m->parts[0].search.nowhere;
    for (int64_t i = m->first; i < m->last; i++) {
        int64_t key = m->parts[0].search.key[i];
        for (int p = 1; p < m->n_part; p++)
            if (m->parts[p].search.key[i] < key)
                key = m->parts[p].search.key[i];
        m->cost[i] = key < nowhere ? (int32_t)(key >> 32) : -1;
        m->station[i] = key < nowhere ? (int32_t)key : -1;
    }
    return NULL;
}

static int together(void *(*work)(void *), char *arguments, size_t size, int n)
{
    pthread_t threads[n];
    int started = 1, failed = 0;
    for (; started < n && !failed; started++)
        failed = pthread_create(&threads[started], NULL, work, arguments + started * size);
    if (failed)
        started--;
    work(arguments);
    for (int i = 1; i < started; i++)
        pthread_join(threads[i], NULL);
    return failed != 0;
}

/* Nearest station of every node: node[] and seed[] (its index) in the order of the curve. */
int nearest(int64_t n_node, const int32_t *start, const int64_t *arc, int64_t n_station,
            const int32_t *node, const int64_t *seed, int64_t limit, int shift, int64_t ring,
            int64_t batch, int threads, int32_t *cost, int32_t *station)
{
    Graph graph = {start, arc, n_node};
    Part parts[threads];
    Merge merges[threads];
    int failed = 0;
    for (int t = 0; t < threads; t++) {
        parts[t] = (Part){.graph = &graph, .node = node, .seed = seed, .batch = batch,
                          .first = n_station * t / threads,
                          .last = n_station * (t + 1) / threads};
        failed |= search_new(&parts[t].search, n_node, limit, shift, ring);
        merges[t] = (Merge){parts, threads, n_node * t / threads, n_node * (t + 1) / threads,
                            cost, station};
    }
    failed = failed || together(part, (char *)parts, sizeof *parts, threads)
             || together(merge, (char *)merges, sizeof *merges, threads);
    for (int t = 0; t < threads; t++)
        search_free(&parts[t].search);
    return failed;
}

typedef struct { int32_t *node, *cost; int64_t n, room; } Found;

typedef struct {
    const Graph *graph;
    const int32_t *node;
    int64_t n_station, limit, chunk, ring;
    int shift, failed;
    atomic_long *next;
    Found *found; /* one a chunk */
    int64_t *count; /* one a station */
} Chunks;

static void keep(Found *f, Search *s, int64_t n)
{
    if (f->n + n > f->room) {
        f->room = 2 * f->room + n;
        f->node = realloc(f->node, f->room * sizeof *f->node);
        f->cost = realloc(f->cost, f->room * sizeof *f->cost);
        if (!f->node || !f->cost)
            abort();
    }
    for (int64_t i = 0; i < n; i++) {
        int32_t v = s->touched[i];
        f->node[f->n] = v;
        f->cost[f->n++] = (int32_t)(s->key[v] >> 32);
        s->key[v] = s->nowhere;
    }
}

static void *chunks(void *argument)
{
    Chunks *c = argument;
    Search s;
    static const int64_t zero = 0;
    c->failed = search_new(&s, c->graph->n_node, c->limit, c->shift, c->ring);
    for (int64_t k; !c->failed && (k = atomic_fetch_add(c->next, 1)) * c->chunk < c->n_station;) {
        int64_t end = (k + 1) * c->chunk < c->n_station ? (k + 1) * c->chunk : c->n_station;
        for (int64_t i = k * c->chunk; i < end; i++) {
            c->count[i] = search(&s, c->graph, c->node + i, &zero, 0, 1);
            keep(&c->found[k], &s, c->count[i]);
        }
    }
    search_free(&s);
    return NULL;
}

/* All pairs: count[] a station; the nodes and costs come as one array each, to be freed. */
int pairs(int64_t n_node, const int32_t *start, const int64_t *arc, int64_t n_station,
          const int32_t *node, int64_t limit, int shift, int64_t ring, int64_t chunk, int threads,
          int64_t *count, int32_t **nodes, int32_t **costs)
{
    Graph graph = {start, arc, n_node};
    atomic_long next = 0;
    int64_t n_chunk = (n_station + chunk - 1) / chunk, total = 0;
    Found *found = calloc(n_chunk + 1, sizeof *found);
    Chunks work[threads];
    for (int t = 0; t < threads; t++)
        work[t] = (Chunks){&graph, node, n_station, limit, chunk, ring, shift, 0,
                           &next, found, count};
    int failed = !found || together(chunks, (char *)work, sizeof *work, threads);
    for (int t = 0; t < threads; t++)
        failed |= work[t].failed;
    for (int64_t k = 0; found && k < n_chunk; k++)
        total += found[k].n;
    *nodes = malloc((total + 1) * sizeof **nodes);
    *costs = malloc((total + 1) * sizeof **costs);
    failed |= !*nodes || !*costs;
    total = 0;
    for (int64_t k = 0; found && k < n_chunk; k++) {
        if (!failed && found[k].n) {
            memcpy(*nodes + total, found[k].node, found[k].n * sizeof **nodes);
            memcpy(*costs + total, found[k].cost, found[k].n * sizeof **costs);
            total += found[k].n;
        }
        free(found[k].node), free(found[k].cost);
    }
    free(found);
    return failed;
}

void release(void *array) { free(array); }
