// The ground of the map: projection, countries, and what part is shown.
import { geoMercator, geoPath, type GeoProjection } from 'd3-geo'
import { feature, mesh } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import type { Hub } from '../engine/types'
import basemap from '../../../../output/plots/basemap.topo.json'

// Natural Earth 1:50m (public domain), 26 countries from Senegal to Sudan: the base map of the program's figures.
const topology = basemap as unknown as Topology<{ countries: GeometryCollection<{ name: string }> }>

// Its countries, as hubs name them. An invented world has none of them and is drawn without a ground.
const known = new Set('TUN TGO SSD SDN SLE SEN NGA NER MAR ESH MRT MLI LBY LBR GNB GIN GHA GMB EGY CIV TCD CAF CMR BFA BEN DZA'.split(' '))

/** real says whether hubs lie in the region of the base map. */
export function real(hubs: Hub[]): boolean {
  return hubs.some((h) => known.has(h.country))
}

/** What is shown: pixels of the whole-region projection times k, moved by x and y. */
export interface View { k: number; x: number; y: number }

export interface Land {
  projection: GeoProjection
  coasts: Path2D
  borders: Path2D
  countries: { name: string; x: number; y: number; size: number }[] // where their names stand, and how wide they are
}

/** land fits the region of the hubs into a width and height, below what covers the top. */
export function land(hubs: Hub[], width: number, height: number, top: number): Land {
  const margin = 26
  const points = { type: 'MultiPoint' as const, coordinates: hubs.map((h) => [h.lon, h.lat]) }
  const projection = geoMercator().fitExtent([[margin, margin + top], [width - margin, height - margin]], points)
  const path = geoPath(projection)
  const countries = topology.objects.countries
  if (!real(hubs)) return { projection, coasts: new Path2D(), borders: new Path2D(), countries: [] }
  return {
    projection,
    coasts: new Path2D(path(feature(topology, countries)) ?? ''),
    borders: new Path2D(path(mesh(topology, countries, (a, b) => a !== b)) ?? ''),
    countries: feature(topology, countries).features.map((c) => {
      const [x, y] = path.centroid(c)
      const [[x0], [x1]] = path.bounds(c)
      return { name: c.properties.name, x, y, size: x1 - x0 }
    }),
  }
}

/** around is the view that shows some hubs, with room about them, below what covers the top. */
export function around(ground: Land, hubs: Hub[], width: number, height: number, room: number, top: number): View {
  const at = hubs.map((h) => ground.projection([h.lon, h.lat])!)
  const x0 = Math.min(...at.map((p) => p[0]))
  const x1 = Math.max(...at.map((p) => p[0]))
  const y0 = Math.min(...at.map((p) => p[1]))
  const y1 = Math.max(...at.map((p) => p[1]))
  const k = Math.min((width - 2 * room) / Math.max(x1 - x0, 1), (height - top - 2 * room) / Math.max(y1 - y0, 1), farthest)
  return { k, x: width / 2 - (k * (x0 + x1)) / 2, y: (height + top) / 2 - (k * (y0 + y1)) / 2 }
}

export const farthest = 40

/** zoomed is a view enlarged about a point of the drawing, within bounds. */
export function zoomed(view: View, by: number, x: number, y: number): View {
  const k = Math.max(0.7, Math.min(farthest, view.k * by))
  const ratio = k / view.k
  return { k, x: x - (x - view.x) * ratio, y: y - (y - view.y) * ratio }
}

