using Osprey.Guests.Memory;

namespace Osprey.Session.Answers.Guests.Heap;

/// <summary>The columns of a list of caches of objects.</summary>
public static class SlabCacheShape
{
    /// <summary>The columns.</summary>
    public static Shape<GuestSlabCache> Shape { get; } =
        new Shape<GuestSlabCache>("caches")
            .Text("cache", cache => cache.Name)
            .Size("memory", cache => cache.Memory)
            .Unsigned("objects", cache => cache.Objects)
            .Unsigned("active", cache => cache.Active)
            .Size("objectSize", cache => cache.ObjectSize)
            .OnlyInData()
            .Size("size", cache => cache.Size)
            .Unsigned("slabs", cache => cache.Slabs)
            .Unsigned("objectsPerSlab", cache => cache.ObjectsPerSlab)
            .Headed("PER SLAB")
            .Unsigned("pagesPerSlab", cache => cache.PagesPerSlab)
            .Headed("PAGES")
            .Address("address", cache => cache.Address)
            .OnlyInData();
}
