using Osprey.Session.Guests.Programs;

namespace Osprey.Session.Answers.Guests.Modules;

/// <summary>The columns of a list of a kernel's modules.</summary>
public static class KernelModuleShape
{
    /// <summary>The columns.</summary>
    public static Shape<ModuleFile> Shape { get; } =
        new Shape<ModuleFile>("modules")
            .Address("start", file => file.Loaded.Start)
            .Address("end", file => file.Loaded.End)
            .Text("name", file => file.Loaded.Path)
            .Unsigned("size", file => file.Loaded.Module?.Size)
            .Text("state", file => file.Loaded.Module?.State)
            .Integer("references", file => file.Loaded.Module?.References)
            .Headed("refs")
            .Text("taint", file => file.Loaded.Module?.Taint is { Length: > 0 } taint ? taint : null)
            .Text("usedBy", file => JoinUsers(file))
            .Headed("used by")
            .Text("buildId", file => file.Loaded.Module?.BuildId)
            .Headed("build-id")
            .Address("address", file => file.Loaded.Module?.Address)
            .OnlyInData()
            .Records("parts", file => file.Loaded.Module?.Parts, () => ModulePartShape.Shape)
            .OnlyInData();

    private static string? JoinUsers(ModuleFile file) =>
        file.Loaded.Module is { UsedBy: { Count: > 0 } users } ? string.Join(',', users) : null;
}
