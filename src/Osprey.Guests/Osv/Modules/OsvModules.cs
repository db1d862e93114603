using Osprey.Guests.Modules;
using Osprey.Values;

namespace Osprey.Guests.Osv.Modules;

/// <summary>
/// Lists what OSv's dynamic linker has loaded: <c>elf::program::s_objs</c>, which the kernel is not in.
/// </summary>
internal static class OsvModules
{
    private const int MaxObjects = 1 << 14;
    private const int MaxPath = 4096;

    /// <summary>Lists what is loaded.</summary>
    public static GuestList<GuestObject> Read(GuestKernel kernel, CancellationToken cancellation) =>
        GuestWalk<GuestObject>.Read(
            kernel,
            walk =>
            {
                int strange = 0;
                foreach (
                    Value pointer in walk.Enumerate(
                        kernel.GetVariable("elf::program::s_objs"),
                        "loaded files",
                        MaxObjects
                    )
                )
                {
                    // A null pointer is the place of one that was unloaded.
                    if (ReadObject(pointer.Dereference()) is { } loaded)
                        walk.Add(loaded);
                    else if (pointer.AsPointer() is not 0)
                        strange++;
                }

                if (strange > 0)
                    walk.AddDefect($"{strange} of the loaded files can't be read");
            },
            cancellation
        );

    private static GuestObject? ReadObject(Value loaded) =>
        loaded.Member("_pathname")?.AsString(MaxPath) is { } path
        && loaded.Member("_base")?.AsPointer() is { } start
        && loaded.Member("_end")?.AsPointer() is { } end
        && end >= start
            ? new GuestObject(path, start, start, end)
            : null;
}
