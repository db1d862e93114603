using Osprey.Guests.Modules;
using Osprey.Target;
using Osprey.Values;
using Osprey.Values.Containers;

namespace Osprey.Guests.Osv.Modules;

/// <summary>
/// Lists what OSv's dynamic linker has loaded: <c>elf::program::s_objs</c>, which the kernel is not in.
/// </summary>
internal static class OsvModules
{
    private const int MaxObjects = 1 << 14;
    private const int MaxPath = 4096;
    private const int MaxWalks = 3;

    /// <summary>Lists what is loaded.</summary>
    public static GuestObjectList Read(GuestKernel kernel, CancellationToken cancellation)
    {
        GuestObjectList list = Walk(kernel, cancellation);
        for (int walk = 1; list.Defects.Count > 0 && walk < MaxWalks; walk++)
            list = Walk(kernel, cancellation);

        return list;
    }

    private static GuestObjectList Walk(GuestKernel kernel, CancellationToken cancellation)
    {
        Value list = kernel.GetVariable("elf::program::s_objs");
        if (list.AsContainer() is not ContainerView.Items items)
            throw new TargetException(list.Problem?.Message ?? "the kernel's list of loaded files is not understood");

        var objects = new List<GuestObject>();
        var defects = new List<string>();
        int strange = 0;
        ElementWalk walk = items.Start(MaxObjects);
        foreach (ContainerElement element in walk.Enumerate())
        {
            cancellation.ThrowIfCancellationRequested();
            Value loaded = element.Value.Dereference();
            if (
                loaded.Member("_pathname")?.AsString(MaxPath) is { } path
                && loaded.Member("_base")?.AsPointer() is { } start
                && loaded.Member("_end")?.AsPointer() is { } end
                && end >= start
            )
                objects.Add(new GuestObject(path, start, start, end));
            else if (element.Value.AsPointer() is not 0)
                strange++;
        }

        if (walk.Defect is { } defect)
            defects.Add(defect);

        if (strange > 0)
            defects.Add($"{strange} of the loaded files can't be read");

        return new GuestObjectList(objects, defects);
    }
}
