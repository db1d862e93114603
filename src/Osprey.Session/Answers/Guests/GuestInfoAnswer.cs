using Osprey.Session.Guests;
using Osprey.Target.Memory;

namespace Osprey.Session.Answers.Guests;

/// <summary>The answer to: what was found of a guest?</summary>
/// <param name="session">The guest.</param>
public sealed class GuestInfoAnswer(GuestSession session)
{
    private static readonly Shape<GuestModule> s_program = new Shape<GuestModule>("programs")
        .Text("path", module => module.Path)
        .Address("address", module => module.Start)
        .Text("origin", module => module.Origin);

    private static readonly Shape<MemoryBlock> s_block = new Shape<MemoryBlock>("blocks")
        .Address("start", block => block.Start.Value)
        .Size("size", block => block.Size)
        .Text("kind", block => block.Kind.ToString().ToLowerInvariant())
        .Text("name", block => block.Name);

    /// <summary>The columns.</summary>
    public static Shape<GuestInfoAnswer> Shape { get; } =
        new Shape<GuestInfoAnswer>("guests")
            .Text("target", info => info.Session.Target.Name)
            .Text("access", info => info.Session.AccessWord)
            .Text("system", info => info.Session.Identity.System.ToLowerInvariant())
            .Text("version", info => info.Session.Identity.Version)
            .Texts("signs", info => info.Session.Identity.Signs.Select(sign => sign.Name))
            .Address("kernelAddress", info => info.Session.Identity.KernelAddress)
            .Address("kernelPhysicalAddress", info => info.Session.Identity.KernelPhysicalAddress.Value)
            .Records("programs", info => info.Session.Programs.Modules, () => s_program)
            .Text("symbols", info => info.Session.Programs.SymbolsOrigin)
            .Optional()
            .Text("pageTables", info => info.Session.Selected.SpaceDescription)
            .Integer("vcpus", info => info.Session.Target.CpuCount)
            .Size("memory", info => info.Session.Target.RamSize)
            .Records("blocks", info => info.Session.Target.Memory.Blocks, () => s_block);

    /// <summary>The guest.</summary>
    public GuestSession Session => session;
}
