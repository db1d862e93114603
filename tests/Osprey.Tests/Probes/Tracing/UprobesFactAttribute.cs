using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Probes.Tracing;

/// <summary>A test of the kernel's uprobes, skipped where they can't be defined or a program is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UprobesFactAttribute : FactAttribute
{
    /// <summary>The kernel's file of the events that are defined.</summary>
    public const string EventsFile = "/sys/kernel/tracing/uprobe_events";

    /// <param name="tools">The programs that are needed.</param>
    public UprobesFactAttribute(params string[] tools) =>
        Skip =
            Tools.DescribeMissing(tools)
            ?? (AreAllowed ? null : $"events of uprobes can't be defined: {EventsFile} can't be written");

    /// <summary>True where events of uprobes may be defined.</summary>
    public static bool AreAllowed { get; } = CanOpen(EventsFile);

    private static bool CanOpen(string path)
    {
        try
        {
            using FileStream stream = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
