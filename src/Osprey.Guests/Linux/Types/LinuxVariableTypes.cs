namespace Osprey.Guests.Linux.Types;

/// <summary>
/// Types of variables that people look at, as the sources of all kernels since 4.4 declare them that have them. A
/// kernel's own description of its types (BTF) has the types, but does not say which variable is of which.
/// </summary>
internal static class LinuxVariableTypes
{
    private static readonly Dictionary<string, string> s_types = new(StringComparer.Ordinal)
    {
        ["__cpu_online_mask"] = "struct cpumask",
        ["__cpu_possible_mask"] = "struct cpumask",
        ["__cpu_present_mask"] = "struct cpumask",
        ["boot_cpu_data"] = "struct cpuinfo_x86",
        ["boot_params"] = "struct boot_params",
        ["cgrp_dfl_root"] = "struct cgroup_root",
        ["contig_page_data"] = "struct pglist_data",
        ["cpu_khz"] = "unsigned int",
        ["curr_clocksource"] = "struct clocksource *",
        ["file_systems"] = "struct file_system_type *",
        ["init_cgroup_ns"] = "struct cgroup_namespace",
        ["init_cred"] = "struct cred",
        ["init_css_set"] = "struct css_set",
        ["init_files"] = "struct files_struct",
        ["init_fs"] = "struct fs_struct",
        ["init_ipc_ns"] = "struct ipc_namespace",
        ["init_mm"] = "struct mm_struct",
        ["init_net"] = "struct net",
        ["init_nsproxy"] = "struct nsproxy",
        ["init_pid_ns"] = "struct pid_namespace",
        ["init_sighand"] = "struct sighand_struct",
        ["init_signals"] = "struct signal_struct",
        ["init_task"] = "struct task_struct",
        ["init_user_ns"] = "struct user_namespace",
        ["init_uts_ns"] = "struct uts_namespace",
        ["iomem_resource"] = "struct resource",
        ["ioport_resource"] = "struct resource",
        ["jiffies"] = "unsigned long",
        ["jiffies_64"] = "unsigned long",
        ["log_buf"] = "char *",
        ["loops_per_jiffy"] = "unsigned long",
        ["max_low_pfn"] = "unsigned long",
        ["max_pfn"] = "unsigned long",
        ["min_low_pfn"] = "unsigned long",
        ["modules"] = "struct list_head",
        ["net_namespace_list"] = "struct list_head",
        ["nr_cpu_ids"] = "unsigned int",
        ["nr_swapfiles"] = "unsigned int",
        ["nr_threads"] = "int",
        ["page_offset_base"] = "unsigned long",
        ["panic_on_oops"] = "int",
        ["panic_timeout"] = "int",
        ["pci_root_buses"] = "struct list_head",
        ["phys_base"] = "unsigned long",
        ["prb"] = "struct printk_ringbuffer *",
        ["rcu_state"] = "struct rcu_state",
        ["root_mem_cgroup"] = "struct mem_cgroup *",
        ["root_task_group"] = "struct task_group",
        ["saved_command_line"] = "char *",
        ["slab_caches"] = "struct list_head",
        ["super_blocks"] = "struct list_head",
        ["system_state"] = "enum system_states",
        ["tainted_mask"] = "unsigned long",
        ["total_forks"] = "unsigned long",
        ["tsc_khz"] = "unsigned int",
        ["vm_committed_as"] = "struct percpu_counter",
        ["vmalloc_base"] = "unsigned long",
        ["vmap_area_list"] = "struct list_head",
        ["vmemmap_base"] = "unsigned long",
    };

    /// <summary>Finds the type of a variable, as C spells it; null when that is not known.</summary>
    public static string? Find(string name) => s_types.GetValueOrDefault(name);
}
