using System.Globalization;
using Osprey.Binary;
using Osprey.Guests;
using Osprey.Session.Guests.Programs;
using Osprey.Symbols;
using Osprey.Target;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Backends.Gdb;
using Osprey.Target.Backends.Processes;
using Osprey.Target.Backends.Qemu;
using Osprey.Target.Memory;

namespace Osprey.Session.Guests;

/// <summary>
/// A guest that is looked into: the way to it, its operating system, the ELF files of its programs, and contexts to
/// look at it in. Each is found out when it is first asked for, so that a command waits only for what it needs.
/// </summary>
/// <remarks>Used from one thread at a time.</remarks>
public sealed partial class GuestSession : IDisposable
{
    private GuestSettings _settings;
    private readonly GuestMachine _machine;
    private Lazy<IGuestOs> _os;
    private Lazy<GuestPrograms> _programs;
    private readonly Dictionary<int, GuestThread> _cpus = [];

    private GuestSession(GuestTarget target, GuestSettings settings)
    {
        RequireCpu(target, settings.Cpu);
        Target = target;
        _settings = settings;
        Physical = CachedPhysicalMemory.WrapIfUseful(target.Memory);
        PhysicalReader = new PhysicalReader(Physical);
        _machine = new GuestMachine(Physical)
        {
            CpuCount = target.CpuCount,
            RegisterReader = target.ReadRegisters,
            Cpu = settings.Cpu,
            PageTableRoot = settings.PageTableRoot,
            Program = target.Program,
            BootFileFinder = () => BootFile.Find(target),
            IsSearchable = target is not GdbTarget,
        };
        _os = FindSystem();
        _programs = FindPrograms();
        Vcpu = CreateVcpu();
    }

    /// <summary>The guest, as the chosen way to it gives it.</summary>
    public GuestTarget Target { get; }

    /// <summary>Its physical memory, with a cache where that is of use.</summary>
    public IPhysicalMemory Physical { get; }

    /// <summary>The same by numbers, for whoever reads either kind of address.</summary>
    public IMemoryReader PhysicalReader { get; }

    /// <summary>
    /// The context that the settings choose: a process or a thread of the guest, or else a vCPU.
    /// </summary>
    /// <exception cref="TargetException">The settings name a process or thread, and it can't be found.</exception>
    public GuestThread Selected =>
        _selected ??=
            _settings.Process is { } process ? GetProcess(FindThread(process))
            : _settings.Thread is { } thread ? GetThread(FindThread(thread))
            : Vcpu;

    /// <summary>
    /// The vCPU that the settings choose, or else the first: its registers, and its address space or the one that was
    /// named.
    /// </summary>
    public GuestThread Vcpu { get; private set; }

    /// <summary>The operating system that runs in the guest.</summary>
    public IGuestOs Os => _os.Value;

    /// <summary>The operating system's name and version, and the place of its kernel.</summary>
    public GuestIdentity Identity => Os.Identity;

    /// <summary>The folders that the user named to look for files of the guest in.</summary>
    internal IReadOnlyList<string> SearchFolders => _settings.SearchFolders;

    /// <summary>Names for its addresses; empty when no ELF file is known.</summary>
    public Symbolizer Symbols => Programs.Symbols;

    /// <summary>Its programs whose ELF files are here.</summary>
    public GuestPrograms Programs
    {
        get
        {
            GuestPrograms programs = _programs.Value;
            LoadModules();
            return programs;
        }
    }

    /// <summary>The way in which memory is read, in the system's words.</summary>
    public string MemoryMethod =>
        Target switch
        {
            ProcessTarget process => $"read by {process.MemoryMethod}",
            { Qemu: { } live } => $"read by {live.MemoryMethod}",
            { Access: TargetAccess.Core } => "read from the file",
            _ => "read through the stub",
        };

    /// <summary>The state that the guest is read in, as one word: "live", "paused" or "core".</summary>
    public string AccessWord => Target.Access.ToString().ToLowerInvariant();

    /// <summary>The guest and the state that it is read in, as one line.</summary>
    public string Description
    {
        get
        {
            string cpus = Target switch
            {
                { CpuCount: 1 } => "1 vCPU",
                QemuTarget { CpuCount: 0 } => "vCPUs unknown",
                _ => $"{Target.CpuCount} vCPUs",
            };
            string access = Target.Access switch
            {
                TargetAccess.Live when Target.Shortcoming is not null => "live, not known whether it runs",
                TargetAccess.Live => "live, not paused",
                TargetAccess.Paused when Target is QemuTarget { IsStopped: true } =>
                    "stands still, since its QEMU is stopped (SIGSTOP)",
                TargetAccess.Paused => "paused",
                _ => "core",
            };
            if (Target.Program is not null)
                return $"{Target.Name}: {access}";

            return $"{Target.Name}, {cpus}, {SizeText.Format(Target.RamSize)}: {access}";
        }
    }

    /// <summary>True when programs were looked for and none was found, so that there are no symbols.</summary>
    public bool HasNoPrograms => _programs.IsValueCreated && _programs.Value is { Modules.Count: 0, KernelTable: null };

    /// <summary>Notes for the user: about the way to the guest, its programs, their symbols.</summary>
    public IEnumerable<string> Notes => Target.Notes.Concat(_programs.IsValueCreated ? _programs.Value.Notes : []);

    /// <summary>Reaches a guest.</summary>
    /// <exception cref="TargetException">It can't be reached.</exception>
    /// <exception cref="BadDataException">A core file is malformed.</exception>
    /// <exception cref="IOException">A core file can't be opened.</exception>
    public static GuestSession Open(GuestSettings settings) => Open(settings, CancellationToken.None);

    /// <summary>Reaches a guest, unless the user wishes to end before that.</summary>
    /// <param name="settings">The guest, and the means for it.</param>
    /// <param name="cancellation">The user's wish to end early. The guest is left as it was found.</param>
    /// <exception cref="TargetException">It can't be reached.</exception>
    /// <exception cref="BadDataException">A core file is malformed.</exception>
    /// <exception cref="IOException">A core file can't be opened.</exception>
    /// <exception cref="OperationCanceledException">The user wishes to end early.</exception>
    public static GuestSession Open(GuestSettings settings, CancellationToken cancellation)
    {
        GuestTarget target = GuestFinder.Open(settings.Target, settings.QmpAddress, cancellation, settings.Permissions);
        try
        {
            return new GuestSession(target, settings);
        }
        catch
        {
            target.Dispose();
            throw;
        }
    }

    /// <summary>A session over a guest that was reached already; it owns the guest from then on.</summary>
    /// <exception cref="TargetException">The guest has no vCPU of the number that the settings have.</exception>
    public static GuestSession Over(GuestTarget target, GuestSettings settings) => new(target, settings);

    /// <summary>Makes sure that what was read came from a guest that was there until now.</summary>
    /// <exception cref="TargetException">The guest ended meanwhile.</exception>
    public void RequireAlive()
    {
        if (Target.Program is { IsRunning: false } ended)
            throw new TargetException(TargetProblem.GuestEnded, $"{ended.Description} ended while it was read");

        if (Target.Qemu?.Process is { } process && !process.IsAlive())
            throw new TargetException(
                TargetProblem.GuestEnded,
                $"the guest ended while it was read: qemu pid {process.ProcessId}"
            );
    }

    /// <summary>A vCPU with its own registers and address space.</summary>
    /// <param name="cpu">The vCPU's number from 0.</param>
    public GuestThread GetCpu(int cpu)
    {
        if (!_cpus.TryGetValue(cpu, out GuestThread? thread))
        {
            thread = new GuestThread(
                this,
                cpu,
                () => Target.ReadRegisters(cpu),
                () => WithKernel(_machine.ReadSpace(cpu))
            );
            _cpus.Add(cpu, thread);
        }

        return thread;
    }

    /// <summary>A context of registers that the guest saved, as for a thread that does not run.</summary>
    /// <param name="registers">The registers: at least rip and rsp.</param>
    /// <param name="space">Its address space; null for that of <see cref="Selected"/>.</param>
    public GuestThread FromRegisters(RegisterSet registers, AddressSpace? space = null) =>
        new(this, null, () => registers, () => space ?? Vcpu.Space);

    /// <summary>Explains in a sentence why an address can't be read in the selected context.</summary>
    /// <param name="address">The address.</param>
    /// <param name="isPhysical">True for a physical address.</param>
    public string ExplainUnreadable(ulong address, bool isPhysical)
    {
        if (isPhysical)
            return string.Create(
                CultureInfo.InvariantCulture,
                $"physical address 0x{address:x} can't be read: the guest has no memory there"
            );

        return Selected.ExplainUnreadable(address);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_programs.IsValueCreated)
            _programs.Value.Dispose();

        Target.Dispose();
    }

    /// <summary>
    /// Refuses a vCPU that the guest does not have before anything is looked for by it: what is missed then, such as
    /// the operating system, would be said in its place.
    /// </summary>
    /// <param name="target">The guest.</param>
    /// <param name="cpu">The vCPU's number, from 0 on; null for none.</param>
    /// <exception cref="TargetException">There is none of that number.</exception>
    public static void RequireCpu(GuestTarget target, int? cpu)
    {
        if (cpu is { } named && target.CpuCount > 0 && named >= target.CpuCount)
            throw TargetException.NoSuchCpu(target.Name, target.CpuCount, named);
    }

    /// <summary>
    /// Gives the address space that has the kernel as well, for one that may lack it: a vCPU in user mode may have page
    /// tables without.
    /// </summary>
    internal AddressSpace WithKernel(AddressSpace space)
    {
        AddressSpace kernel = Os.GetKernelSpace(space);
        return ReferenceEquals(kernel, space) ? space : space.WithKernel(kernel);
    }

    /// <summary>
    /// The address space that the user or the registers name; where neither does, that of the operating system.
    /// </summary>
    private AddressSpace FindSelectedSpace()
    {
        try
        {
            return _settings.PageTableRoot is null ? WithKernel(_machine.Space) : _machine.Space;
        }
        catch (TargetException) when (_settings.Cpu is null)
        {
            if (Os.FindPageTableRoot(_programs.Value.Symbols.FindSymbol) is not { } root)
                throw;

            var paging = new X64Paging(X64PagingMode.FourLevel, GuestMachine.AlignRoot(root));
            return new AddressSpace(Physical, paging, "as the kernel's variable says");
        }
    }
}
