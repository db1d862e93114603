using System.Text.Json;
using Osprey.Target.Backends.Qemu.Qmp;

namespace Osprey.Target.Backends.Qemu;

/// <summary>Facts that a QEMU tells of its guest over QMP.</summary>
/// <param name="State">
/// QMP's word for what the guest does, such as "running" or "paused"; null when it says none.
/// </param>
/// <param name="IsRunning">True when its vCPUs run.</param>
/// <param name="CpuCount">The number of its vCPUs.</param>
/// <param name="RamSize">
/// Its memory in bytes, with what was plugged in since it started; null when QEMU does not say.
/// </param>
public sealed record QemuFacts(string? State, bool IsRunning, int CpuCount, ulong? RamSize)
{
    private const int MaxCpus = 4096;

    /// <summary>Asks for them.</summary>
    /// <exception cref="QmpException">QEMU refused.</exception>
    /// <exception cref="TargetException">The connection is lost or an answer takes too long.</exception>
    public static QemuFacts Ask(QmpClient qmp)
    {
        JsonElement status = qmp.Execute("query-status");
        JsonElement cpus = qmp.Execute("query-cpus-fast");
        return new QemuFacts(
            GetText(status, "status"),
            IsTrue(status, "running"),
            cpus.ValueKind == JsonValueKind.Array ? Math.Min(cpus.GetArrayLength(), MaxCpus) : 0,
            AskRamSize(qmp)
        );
    }

    /// <summary>Asks whether the vCPUs run.</summary>
    /// <inheritdoc cref="Ask"/>
    public static bool AskIsRunning(QmpClient qmp) => IsTrue(qmp.Execute("query-status"), "running");

    /// <summary>Asks whether the guest's code is run by KVM.</summary>
    /// <inheritdoc cref="Ask"/>
    internal static bool AskHasKvm(QmpClient qmp) => IsTrue(qmp.Execute("query-kvm"), "enabled");

    /// <summary>Asks what the guest does, in QMP's word.</summary>
    /// <inheritdoc cref="Ask"/>
    internal static string? AskState(QmpClient qmp) => GetText(qmp.Execute("query-status"), "status");

    /// <summary>Asks for the threads of QEMU that run the vCPUs.</summary>
    /// <inheritdoc cref="Ask"/>
    internal static IReadOnlyList<int> AskThreads(QmpClient qmp)
    {
        JsonElement cpus = qmp.Execute("query-cpus-fast");
        var threads = new List<int>();
        if (cpus.ValueKind != JsonValueKind.Array)
            return threads;

        foreach (JsonElement cpu in cpus.EnumerateArray().Take(MaxCpus))
        {
            if (
                cpu.ValueKind == JsonValueKind.Object
                && cpu.TryGetProperty("thread-id", out JsonElement id)
                && id.ValueKind == JsonValueKind.Number
                && id.TryGetInt32(out int thread)
            )
                threads.Add(thread);
        }

        return threads;
    }

    /// <summary>The memory that the guest was started with, and that was plugged in since.</summary>
    private static ulong? AskRamSize(QmpClient qmp)
    {
        JsonElement summary = qmp.Execute("query-memory-size-summary");
        return GetSize(summary, "base-memory") is { } bytes
            ? unchecked(bytes + (GetSize(summary, "plugged-memory") ?? 0))
            : null;
    }

    private static bool IsTrue(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.True;

    private static string? GetText(JsonElement element, string name)
    {
        if (
            element.ValueKind != JsonValueKind.Object
            || !element.TryGetProperty(name, out JsonElement text)
            || text.ValueKind != JsonValueKind.String
        )
            return null;

        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // half a character, which JSON can write
        }
    }

    private static ulong? GetSize(JsonElement summary, string name) =>
        summary.ValueKind == JsonValueKind.Object
        && summary.TryGetProperty(name, out JsonElement size)
        && size.ValueKind == JsonValueKind.Number
        && size.TryGetUInt64(out ulong bytes)
            ? bytes
            : null;
}
