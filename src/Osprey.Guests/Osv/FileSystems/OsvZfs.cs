using Osprey.Guests.FileSystems;
using Osprey.Guests.Modules;
using Osprey.Guests.Osv.Modules;
using Osprey.Target;
using Osprey.Values;

namespace Osprey.Guests.Osv.FileSystems;

/// <summary>Reads what ZFS says about itself: its settings, and the sizes and hits of its cache, the ARC.</summary>
/// <remarks>
/// ZFS is in the kernel until December 2021, then in the module <c>libsolaris.so</c>. Its variables are found by name
/// in whatever is loaded. There are two kinds: that of FreeBSD, whose counters are all in <c>arc_stats</c>, and
/// OpenZFS, whose busy ones are in <c>arc_sums</c>. What one of them lacks is left out.
/// </remarks>
internal static class OsvZfs
{
    private const string Module = "libsolaris.so";

    private static readonly string[] s_settings =
    [
        "zil_replay_disable",
        "zfs_nocacheflush",
        "zfs_prefetch_disable",
        "zfs_no_write_throttle",
        "zfs_txg_timeout",
        "zfs_write_limit_override",
        "zfs_vdev_min_pending",
        "zfs_vdev_max_pending",
        "zil_nocacheflush",
        "zfs_dirty_data_max",
        "zfs_arc_min",
        "zfs_arc_max",
    ];

    private static readonly string[] s_vdev = ["zfs_vdev_cache_max", "zfs_vdev_cache_size", "zfs_vdev_cache_bshift"];

    /// <summary>Reads all of it.</summary>
    /// <exception cref="TargetException">ZFS is not loaded, or its variables are not known.</exception>
    public static GuestList<GuestStatistic> Read(GuestKernel kernel, CancellationToken cancellation)
    {
        // One that was optimised away has no address.
        if (kernel.FindVariable("arc_stats") is not { Address: not null })
            throw Explain(kernel, cancellation);

        return GuestWalk<GuestStatistic>.Read(
            kernel,
            walk =>
            {
                ReadSettings(kernel, walk, "settings", s_settings);
                if (ReadNumber(kernel, "zfs_vdev_cache_size") is > 0)
                    ReadVdevCache(kernel, walk);

                new OsvArc(kernel, walk).Read();
            },
            cancellation
        );
    }

    private static TargetException Explain(GuestKernel kernel, CancellationToken cancellation)
    {
        if (!kernel.Values.Modules.Any())
            return new TargetException(
                TargetProblem.KernelUnknown,
                "the guest's kernel is not known, so that its variables can't be found"
            );

        GuestObject? module = null;
        try
        {
            module = OsvModules
                .Read(kernel, cancellation)
                .Items.FirstOrDefault(item => Path.GetFileName(item.Path) == Module);
        }
        catch (TargetException)
        {
            // A kernel that can load nothing has no module.
        }

        return module is null
            ? new TargetException(TargetProblem.NotConfigured, $"ZFS is not loaded in this guest: it has no {Module}")
            : new TargetException(
                TargetProblem.NotAnswered,
                $"ZFS is loaded ({module.Path}), but its debug info is not known here, so that its variables can't be "
                    + "found"
            );
    }

    private static void ReadVdevCache(GuestKernel kernel, GuestWalk<GuestStatistic> walk)
    {
        ReadSettings(kernel, walk, "vdev cache", s_vdev);
        Value? counters = kernel.FindVariable("vdc_stats");
        foreach (string name in (string[])["delegations", "hits", "misses"])
        {
            if (OsvArc.ReadNamed(counters?.Member("vdc_stat_" + name)) is { } value)
                walk.Add(new GuestStatistic("vdev cache", name, value));
        }
    }

    private static void ReadSettings(
        GuestKernel kernel,
        GuestWalk<GuestStatistic> walk,
        string section,
        ReadOnlySpan<string> names
    )
    {
        foreach (string name in names)
        {
            if (ReadNumber(kernel, name) is { } value)
                walk.Add(new GuestStatistic(section, name, value));
        }
    }

    private static long? ReadNumber(GuestKernel kernel, string name) =>
        kernel.FindVariable(name) is { } variable && variable.TryGetInt64(out long value) ? value : null;
}
