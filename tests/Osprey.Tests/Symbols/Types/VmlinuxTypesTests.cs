using Osprey.Binary.Elf;
using Osprey.Symbols;
using Osprey.Symbols.Types;
using Osprey.Tests.Symbols.Oracle;
using Xunit.Abstractions;

namespace Osprey.Tests.Symbols.Types;

/// <summary>Compares a whole Linux kernel with gdb's answers.</summary>
public sealed class VmlinuxTypesTests(ITestOutputHelper output) : IDisposable
{
    private const int ChosenCount = 600;

    private static readonly string[] s_wellKnown =
    [
        "struct task_struct",
        "struct mm_struct",
        "struct page",
        "struct rq",
        "struct inode",
        "struct sk_buff",
        "struct list_head",
        "struct dentry",
        "struct super_block",
        "struct vm_area_struct",
        "struct maple_tree",
        "struct net_device",
        "struct sock",
        "struct tcp_sock",
        "struct module",
        "struct cpuinfo_x86",
        "struct cred",
        "struct file",
        "struct zone",
        "struct pglist_data",
        "struct kmem_cache",
        "struct slab",
        "struct folio",
        "struct work_struct",
        "struct hrtimer",
        "struct irq_desc",
        "struct pt_regs",
        "struct desc_struct",
        "struct thread_info",
        "struct signal_struct",
        "struct nsproxy",
        "struct uts_namespace",
        "struct rcu_data",
        "struct cfs_rq",
        "struct sched_entity",
        "struct bpf_prog",
        "struct bpf_insn",
        "struct iphdr",
        "struct tcphdr",
        "struct io_kiocb",
        "struct perf_event_attr",
        "struct pci_dev",
        "struct request_queue",
        "struct bio",
        "struct kobject",
        "struct device",
        "struct rb_node",
        "struct xarray",
        "union bpf_attr",
        "union cpuid10_eax",
        "enum pid_type",
        "enum zone_type",
        "enum hrtimer_restart",
        "enum node_states",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [VmlinuxFact]
    [Trait("Category", "Slow")]
    public void Vmlinux_Types_AreThoseOfGdb()
    {
        NamedTypeSurvey survey;
        using (var image = ElfImage.Open(VmlinuxFactAttribute.Vmlinux))
            survey = new NamedTypeSurvey(image);

        string[] all = [.. survey.Unambiguous];
        var random = new Random(1);
        string[] names = [.. s_wellKnown.Intersect(all).Union(random.GetItems(all, ChosenCount))];
        using TypeCatalog catalog = TypeCatalog.Open(
            VmlinuxFactAttribute.Vmlinux,
            new SymbolizerOptions { UseCache = false }
        );
        var comparison = new GdbComparison(catalog) { IsAmbiguous = survey.IsAmbiguous, MaxTypes = 4_000 };
        comparison.Run(
            VmlinuxFactAttribute.Vmlinux,
            _folder,
            [
                .. names.Select(name => "type " + name),
                .. names
                    .Where(name => name.StartsWith("enum ", StringComparison.Ordinal))
                    .Select(name => "enum " + name),
            ]
        );
        output.WriteLine(
            $"{names.Length} chosen of {all.Length} names, {survey.AmbiguousCount} more have several meanings: "
                + $"{comparison.Types} structs and unions compared, {comparison.NamelessTypes} of them nameless; "
                + $"{comparison.Members} members, {comparison.BitFields} bit fields; {comparison.Values} sizes, kinds "
                + $"and enumerators; {comparison.Differences.Count} differ"
        );
        Assert.True(
            comparison.Differences.Count == 0,
            $"{comparison.Differences.Count} differ:\n{string.Join('\n', comparison.Differences.Take(40))}"
        );
        Assert.True(
            comparison.Types > 1_000 && comparison.Members > 10_000 && comparison.BitFields > 100,
            $"{comparison.Types} {comparison.Members} {comparison.BitFields}"
        );
        Assert.Empty(catalog.Diagnostics);
    }
}
