//! Paints egui's meshes on the processor: pictures without a GPU, a driver or a display.
//!
//! Triangles are filled with integer edge functions in 1/256 of a pixel and the top-left rule, so
//! that no pixel of a shared edge is painted twice and every machine gives the same picture.

use std::collections::BTreeMap;

use egui::epaint::{ImageData, Primitive, Vertex};
use egui::{ClippedPrimitive, Color32, ColorImage, TextureId, TexturesDelta};

/// The renderer: it holds the textures that egui has sent.
#[derive(Default)]
pub struct SoftRenderer {
    textures: BTreeMap<TextureId, ColorImage>,
}

impl egui_kittest::TestRenderer for SoftRenderer {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        for (id, changes) in delta.set.drain() {
            for change in changes {
                let ImageData::Color(image) = change.image;
                match (change.pos, self.textures.get_mut(&id)) {
                    (Some(at), Some(texture)) => patch(texture, at, &image),
                    _ => drop(self.textures.insert(id, (*image).clone())),
                }
            }
        }
        for id in delta.free.drain() {
            self.textures.remove(&id);
        }
    }

    fn render(
        &mut self,
        ctx: &egui::Context,
        output: &egui::FullOutput,
    ) -> Result<image::RgbaImage, String> {
        let scale = output.pixels_per_point;
        let size = (ctx.content_rect().size() * scale).round();
        let clear = ctx.global_style().visuals.panel_fill;
        let mut canvas = Canvas::new(size.x as usize, size.y as usize, scale, clear);
        for ClippedPrimitive { clip_rect, primitive } in
            ctx.tessellate(output.shapes.clone(), scale)
        {
            let Primitive::Mesh(mesh) = primitive else {
                return Err("paint callbacks are not supported".to_owned());
            };
            let texture = self.textures.get(&mesh.texture_id).ok_or("unknown texture")?;
            let clip = canvas.clip(clip_rect);
            for corners in mesh.indices.chunks_exact(3) {
                let corners = [0, 1, 2].map(|at| mesh.vertices[corners[at] as usize]);
                canvas.triangle(clip, corners, texture);
            }
        }
        Ok(canvas.image())
    }
}

fn patch(texture: &mut ColorImage, [x, y]: [usize; 2], image: &ColorImage) {
    for (row, pixels) in image.pixels.chunks_exact(image.width()).enumerate() {
        let start = (y + row) * texture.width() + x;
        texture.pixels[start..start + pixels.len()].copy_from_slice(pixels);
    }
}

/// Left, top, right, bottom in pixels.
type Clip = [usize; 4];

struct Canvas {
    pixels: Vec<Color32>,
    width: usize,
    height: usize,
    scale: f32,
}

impl Canvas {
    fn new(width: usize, height: usize, scale: f32, clear: Color32) -> Self {
        Self { pixels: vec![clear; width * height], width, height, scale }
    }

    fn clip(&self, rect: egui::Rect) -> Clip {
        let pixel = |at: f32, most: usize| ((at * self.scale).round().max(0.0) as usize).min(most);
        [
            pixel(rect.min.x, self.width),
            pixel(rect.min.y, self.height),
            pixel(rect.max.x, self.width),
            pixel(rect.max.y, self.height),
        ]
    }

    fn image(&self) -> image::RgbaImage {
        image::RgbaImage::from_fn(self.width as u32, self.height as u32, |x, y| {
            image::Rgba(self.pixels[y as usize * self.width + x as usize].to_srgba_unmultiplied())
        })
    }

    fn triangle(&mut self, clip: Clip, mut corners: [Vertex; 3], texture: &ColorImage) {
        let fixed = |at: f32| (at * self.scale * 256.0).round() as i64;
        let mut points = corners.map(|corner| [fixed(corner.pos.x), fixed(corner.pos.y)]);
        let mut area = cross(points[0], points[1], points[2]);
        if area == 0 {
            return;
        }
        if area < 0 {
            points.swap(1, 2);
            corners.swap(1, 2);
            area = -area;
        }
        let low = |axis: usize| points.iter().map(|p| p[axis]).min().unwrap_or(0).div_euclid(256);
        let high =
            |axis: usize| points.iter().map(|p| p[axis]).max().unwrap_or(0).div_euclid(256) + 1;
        let edges = [(1, 2), (2, 0), (0, 1)];
        let bias = edges.map(|(a, b)| i64::from(!top_left(points[a], points[b])));
        // Most triangles are of one colour and of one texel: their colour is found once.
        let flat = flat_color(&corners, texture);
        for y in low(1).max(clip[1] as i64)..high(1).min(clip[3] as i64) {
            for x in low(0).max(clip[0] as i64)..high(0).min(clip[2] as i64) {
                let center = [x * 256 + 128, y * 256 + 128];
                let weights = edges.map(|(a, b)| cross(points[a], points[b], center));
                if (0..3).any(|at| weights[at] < bias[at]) {
                    continue;
                }
                let source = flat.unwrap_or_else(|| {
                    color_at(&corners, weights.map(|weight| weight as f32 / area as f32), texture)
                });
                blend(&mut self.pixels[y as usize * self.width + x as usize], source);
            }
        }
    }
}

fn cross(a: [i64; 2], b: [i64; 2], c: [i64; 2]) -> i64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// Whether pixels on this edge belong to the triangle.
fn top_left(a: [i64; 2], b: [i64; 2]) -> bool {
    b[1] < a[1] || (b[1] == a[1] && b[0] > a[0])
}

fn flat_color(corners: &[Vertex; 3], texture: &ColorImage) -> Option<[f32; 4]> {
    let first = corners[0];
    let same = corners.iter().all(|c| c.color == first.color && c.uv == first.uv);
    same.then(|| {
        tint(first.color.to_array().map(f32::from), sample(texture, first.uv.x, first.uv.y))
    })
}

fn color_at(corners: &[Vertex; 3], weights: [f32; 3], texture: &ColorImage) -> [f32; 4] {
    let mix = |of: &dyn Fn(&Vertex) -> f32| -> f32 {
        corners.iter().zip(weights).map(|(corner, weight)| of(corner) * weight).sum()
    };
    let texel = sample(texture, mix(&|c| c.uv.x), mix(&|c| c.uv.y));
    tint(std::array::from_fn(|at| mix(&|c| f32::from(c.color.to_array()[at]))), texel)
}

fn tint(color: [f32; 4], texel: [f32; 4]) -> [f32; 4] {
    std::array::from_fn(|at| color[at] * texel[at] / 255.0)
}

/// Premultiplied, over.
fn blend(pixel: &mut Color32, source: [f32; 4]) {
    if source[3] <= 0.0 && source[0] <= 0.0 {
        return;
    }
    let below = pixel.to_array();
    let keep = 1.0 - source[3] / 255.0;
    let [r, g, b, a] = std::array::from_fn(|at| {
        (source[at] + f32::from(below[at]) * keep).round().clamp(0.0, 255.0) as u8
    });
    *pixel = Color32::from_rgba_premultiplied(r, g, b, a);
}

/// Bilinear and clamped; 0 to 255, premultiplied.
fn sample(texture: &ColorImage, u: f32, v: f32) -> [f32; 4] {
    let [width, height] = texture.size;
    let (x, y) = (u * width as f32 - 0.5, v * height as f32 - 0.5);
    let (left, top) = (x.floor(), y.floor());
    let at = |x: f32, y: f32| {
        let (x, y) = ((x.max(0.0) as usize).min(width - 1), (y.max(0.0) as usize).min(height - 1));
        texture.pixels[y * width + x].to_array().map(f32::from)
    };
    let (right, down) = (x - left, y - top);
    let corners =
        [at(left, top), at(left + 1.0, top), at(left, top + 1.0), at(left + 1.0, top + 1.0)];
    std::array::from_fn(|c| {
        let upper = corners[0][c] * (1.0 - right) + corners[1][c] * right;
        let lower = corners[2][c] * (1.0 - right) + corners[3][c] * right;
        upper * (1.0 - down) + lower * down
    })
}
