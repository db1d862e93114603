using Osprey.Guests;
using Osprey.Guests.Modules;
using Osprey.Guests.Programs;
using Osprey.Session.Guests.Programs;
using Osprey.Target;
using Osprey.Target.Backends.CoreFile;

namespace Osprey.Session.Guests;

/// <content>A session that lasts while the guest runs on, and while a user looks at one thing after the
/// other.</content>
public sealed partial class GuestSession
{
    /// <summary>The programs that the guest had loaded, and their files, when it was last looked at.</summary>
    private (GuestList<GuestObject> Objects, IReadOnlyList<ModuleFile> Files)? _known;

    /// <summary>
    /// Makes all that was read so far old, for a newer look at a guest that runs: memory, registers, address spaces,
    /// threads, and what it has loaded. The files of its programs stay open. Contexts that were given out before are
    /// not to be used any more.
    /// </summary>
    public void Refresh()
    {
        Target.Refresh();
        if (_moduleFiles is not null && _objects is not null)
            _known = (_objects, _moduleFiles);

        (_moduleFiles, _objects, _looksForModules) = (null, null, false);
        _moduleSymbols?.Forget();
        if (_os.IsValueCreated && Identity == GuestIdentity.Unknown)
        {
            // It may have been in its firmware still.
            ForgetPrograms();
            _os = FindSystem();
        }

        ForgetContexts();
    }

    /// <summary>
    /// Makes what was read of the guest's threads, registers and address spaces old, after it ran for a moment. What it
    /// has loaded is not looked for again.
    /// </summary>
    public void RefreshContexts()
    {
        Target.Refresh();
        ForgetContexts();
    }

    /// <summary>
    /// Chooses another vCPU, thread, process or page tables, as <see cref="GuestSettings"/> do at first.
    /// </summary>
    /// <param name="cpu">The vCPU whose address space and registers count; null for the first.</param>
    /// <param name="thread">The thread of the guest, by number, address or name; null for a vCPU's.</param>
    /// <param name="pageTableRoot">Physical address of the page tables; null for those of the vCPU.</param>
    /// <param name="process">The process whose memory counts, by one of its threads; null for none.</param>
    /// <exception cref="TargetException">The guest has no such vCPU.</exception>
    public void Select(int? cpu, string? thread, ulong? pageTableRoot, string? process = null)
    {
        if (
            (cpu, thread, pageTableRoot, process)
            == (_settings.Cpu, _settings.Thread, _settings.PageTableRoot, _settings.Process)
        )
            return;

        RequireCpu(Target, cpu);
        _settings = _settings with { Cpu = cpu, Thread = thread, PageTableRoot = pageTableRoot, Process = process };
        (_machine.Cpu, _machine.PageTableRoot) = (cpu, pageTableRoot);
        ForgetContexts();
    }

    /// <summary>
    /// Forgets contexts that were given out, after the target itself let the guest run and said so to all caches of
    /// memory and registers.
    /// </summary>
    public void ForgetContexts()
    {
        _kernels.Clear();
        ForgetStop();
    }

    /// <summary>
    /// The same between stops that nobody is told of: what was found out of the kernel is kept, where a vCPU is in the
    /// same page tables again.
    /// </summary>
    public void ForgetStop()
    {
        _machine.Forget();
        _cpus.Clear();
        (_kernel, _threads, _selected) = (null, null, null);
        Vcpu = CreateVcpu();
    }

    private void ForgetPrograms()
    {
        if (!_programs.IsValueCreated)
            return;

        _programs.Value.Dispose();
        _programs = FindPrograms();
        _known = null;
    }

    /// <summary>
    /// Gives the files that were found for the same objects before; null when the guest has loaded others since. One
    /// that is gone takes the programs with it: its names would stand for whatever came into its place.
    /// </summary>
    private IReadOnlyList<ModuleFile>? FindKnown(GuestList<GuestObject> objects)
    {
        if (_known is not { } known)
            return null;

        if (known.Objects.Items.SequenceEqual(objects.Items))
            return known.Files;

        if (objects.Defects.Count == 0 && known.Objects.Items.Except(objects.Items).Any())
        {
            ForgetPrograms();
            _kernels.Clear();
            _kernel = null;
            Vcpu = CreateVcpu();
        }

        return null;
    }

    private Lazy<IGuestOs> FindSystem() => new(() => GuestSystems.Identify(_machine, _settings.Systems));

    private Lazy<GuestPrograms> FindPrograms() =>
        new(() =>
        {
            var programs = GuestPrograms.Open(Os, _settings, Target is CoreTarget core ? core.Programs : []);
            if (Os is IGuestModuleSymbols os)
            {
                _moduleSymbols = new ModuleSymbolTable(os, () => Kernel, programs.AddNote);
                programs.AddModuleSymbols(_moduleSymbols);
            }

            if (programs.KernelTypes is { } types && Os is IGuestModuleTypes moduleTypes)
                types.FindModules = own => moduleTypes.FindModuleTypes(Kernel, own);

            return programs;
        });

    private GuestThread CreateVcpu()
    {
        int cpu = _settings.Cpu ?? 0;
        return new GuestThread(this, cpu, () => Target.ReadRegisters(cpu), FindSelectedSpace);
    }
}
